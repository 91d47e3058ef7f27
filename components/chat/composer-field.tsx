"use client";

import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useLayoutEffect } from "react";

type ComposerFieldProps = {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onChange: (text: string) => void;
  onSubmit: () => void;
  /** Arrow up in an empty field, or while stepping. Returns whether it was used. */
  onStep?: (direction: "older" | "newer") => boolean;
  onEscape?: () => void;
  label: string;
  placeholder: string;
  disabled?: boolean;
  minHeightClass?: string;
  /** Where typing is what the page is for. Never on touch: the keyboard would cover it. */
  autoFocus?: boolean;
  /** Controls of the bar. */
  children: ReactNode;
};

/** The box that is typed into: grows with its text, Enter sends, Shift+Enter breaks the line. */
export function ComposerField(props: ComposerFieldProps) {
  const { field, text } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what changes the height
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || CSS.supports("field-sizing", "content")) return;
    element.style.height = "0";
    element.style.height = `${element.scrollHeight}px`;
  }, [field, text]);

  const { autoFocus } = props;
  useEffect(() => {
    if (autoFocus && !matchMedia("(pointer: coarse)").matches) field.current?.focus();
  }, [autoFocus, field]);

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // An input method uses Enter and arrows itself; Safari says so by the key code alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      props.onSubmit();
    } else if (event.key === "ArrowUp" && props.onStep?.("older")) event.preventDefault();
    else if (event.key === "ArrowDown" && props.onStep?.("newer")) event.preventDefault();
    else if (event.key === "Escape") props.onEscape?.();
  };

  return (
    <div className="rounded-lg border border-line-2 bg-raised shadow-composer transition-colors duration-(--duration-instant) focus-within:border-line-strong">
      <textarea
        ref={field}
        value={text}
        rows={1}
        disabled={props.disabled}
        aria-label={props.label}
        placeholder={props.placeholder}
        enterKeyHint="send"
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={onKeyDown}
        className={`field-sizing-content block max-h-[40dvh] w-full resize-none bg-transparent px-3.5 pt-3 pb-2 text-ink text-lg outline-none focus-visible:outline-none disabled:text-ink-disabled max-sm:text-xl ${props.minHeightClass ?? "min-h-12"}`}
      />
      <div className="flex items-center gap-1 px-2 pb-2">{props.children}</div>
    </div>
  );
}
