"use client";

import { Check } from "lucide-react";
import { Popover } from "radix-ui";
import { type KeyboardEvent, useRef, useState } from "react";
import { Input } from "../ui/input";
import { menuItem, menuSurface } from "../ui/menu-look";
import { isComposing } from "./submit-key";

type TextPopoverProps = {
  label: string;
  value: string;
  none: string;
  placeholder: string;
  options: readonly string[];
  onPick: (text: string) => void;
  onClose: () => void;
};

/** A field and what was used before: Enter takes what is typed, the arrows go to a choice. It opens with its trigger. */
export function TextPopover({ label, value, none, placeholder, options, onPick, onClose }: TextPopoverProps) {
  const [text, setText] = useState(value);
  const content = useRef<HTMLDivElement>(null);
  const typed = text.trim();
  const isChanged = typed !== value;
  const matching = isChanged ? options.filter((option) => option.toLowerCase().includes(typed.toLowerCase())) : options;
  const pick = (next: string) => {
    onPick(next);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    const stops = [...(content.current?.querySelectorAll<HTMLElement>("input, button") ?? [])];
    const at = stops.indexOf(document.activeElement as HTMLElement);
    stops[Math.max(0, Math.min(stops.length - 1, at + by))]?.focus();
  };
  return (
    <Popover.Root open onOpenChange={(open) => open || onClose()}>
      <Popover.Anchor asChild>
        <span aria-hidden className="pointer-events-none absolute inset-0" />
      </Popover.Anchor>
      <Popover.Portal>
        <Popover.Content
          ref={content}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          // A sheet at the lower edge would lie under the keyboard that its field brings up.
          aria-label={label}
          onKeyDown={onKeyDown}
          className={`${menuSurface} w-90 max-w-[calc(100vw-16px)] max-sm:rounded-b-md max-sm:pb-1`}
        >
          <form
            className="p-1"
            onSubmit={(event) => {
              event.preventDefault();
              pick(text);
            }}
          >
            <Input
              aria-label={label}
              placeholder={placeholder}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              enterKeyHint="done"
              maxLength={2048}
              value={text}
              onFocus={(event) => event.target.select()}
              onChange={(event) => setText(event.target.value)}
            />
          </form>
          {isChanged && typed !== "" ? <Choice text={`Use “${typed}”`} onPick={() => pick(typed)} /> : null}
          {matching.map((option) => (
            <Choice key={option} text={option} isChosen={option === value} onPick={() => pick(option)} />
          ))}
          <Choice text={none} isChosen={value === ""} onPick={() => pick("")} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choice({ text, isChosen = false, onPick }: { text: string; isChosen?: boolean; onPick: () => void }) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={onPick}
      className={`${menuItem} hover:bg-hover focus:bg-hover`}
    >
      <span className="min-w-0 flex-1 truncate">{text}</span>
      {isChosen ? <Check aria-hidden className="size-3.5" /> : null}
    </button>
  );
}
