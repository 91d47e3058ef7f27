"use client";

import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useState,
} from "react";
import { isComposing, isSubmitKey } from "./submit-key";
import { optionId, SuggestionList } from "./suggestion-list";
import type { useSuggestions } from "./use-suggestions";

type ComposerFieldProps = {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  onChange: (text: string) => void;
  onSubmit: () => void;
  /** Arrow up in an empty field, or while stepping. Returns whether it was used. */
  onStep?: (direction: "older" | "newer") => boolean;
  suggestions?: ReturnType<typeof useSuggestions>;
  /** Pasted or dropped; undefined: only text is taken. */
  onFiles?: ((files: File[]) => void) | undefined;
  /** Of a paste that is text. Returns whether it was made into something else. */
  onPasteText?: ((text: string) => boolean) | undefined;
  label: string;
  placeholder: string;
  disabled?: boolean;
  minHeightClass?: string;
  /** Where typing is what the page is for. Never on touch: the keyboard would cover it. */
  autoFocus?: boolean;
  /** Between the text and the bar. */
  attachments?: ReactNode;
  /** Controls of the bar. */
  children: ReactNode;
};

/** The box that is typed into: grows with its text, Enter sends, Shift+Enter breaks the line. */
export function ComposerField(props: ComposerFieldProps) {
  const { field, text, suggestions, onFiles } = props;
  const [isDropping, setDropping] = useState(false);
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
    if (isComposing(event) || suggestions?.onKeyDown(event)) return;
    if (isSubmitKey(event)) {
      event.preventDefault();
      props.onSubmit();
    } else if (event.key === "ArrowUp" && props.onStep?.("older")) event.preventDefault();
    else if (event.key === "ArrowDown" && props.onStep?.("newer")) event.preventDefault();
  };
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files];
    if (onFiles && files.length > 0) {
      event.preventDefault();
      onFiles(files);
    } else if (props.onPasteText?.(event.clipboardData.getData("text/plain"))) event.preventDefault();
  };
  const hasFiles = (event: DragEvent) => onFiles !== undefined && event.dataTransfer.types.includes("Files");
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setDropping(true);
    },
    onDragLeave: (event: DragEvent) => {
      if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setDropping(false);
    },
    onDrop: (event: DragEvent) => {
      setDropping(false);
      if (!hasFiles(event)) return;
      event.preventDefault();
      onFiles?.([...event.dataTransfer.files]);
    },
  };
  const isListed = suggestions?.trigger !== undefined;
  return (
    <div
      {...drop}
      className={`relative rounded-lg border bg-raised shadow-composer transition-colors duration-(--duration-instant) ${isDropping ? "border-accent outline-2 outline-accent" : "border-line-2 focus-within:border-line-strong"}`}
    >
      {suggestions?.trigger ? (
        <SuggestionList
          id={suggestions.listId}
          kind={suggestions.trigger.kind}
          options={suggestions.options}
          active={suggestions.active}
          note={suggestions.note}
          onPick={suggestions.pick}
        />
      ) : null}
      {props.attachments}
      <textarea
        ref={field}
        value={text}
        rows={1}
        disabled={props.disabled}
        aria-label={props.label}
        aria-autocomplete={suggestions ? "list" : undefined}
        aria-controls={isListed ? suggestions?.listId : undefined}
        aria-activedescendant={
          isListed && suggestions.options.length > 0 ? optionId(suggestions.listId, suggestions.active) : undefined
        }
        placeholder={props.placeholder}
        enterKeyHint="send"
        onChange={(event) => {
          props.onChange(event.target.value);
          suggestions?.onCaret();
        }}
        onSelect={suggestions?.onCaret}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className={`field-sizing-content block max-h-[40dvh] w-full resize-none bg-transparent px-3.5 pt-3 pb-2 text-ink text-lg outline-none focus-visible:outline-none disabled:text-ink-disabled max-sm:text-xl ${props.minHeightClass ?? "min-h-12"}`}
      />
      <div className="flex items-center gap-1 px-2 pb-2">{props.children}</div>
    </div>
  );
}
