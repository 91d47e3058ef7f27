"use client";

import { type KeyboardEvent, useRef, useState } from "react";

type TreeKeysOptions = {
  /** Opens or closes the subagents of a root. */
  onToggle: (chatId: string) => void;
  titleOf: (chatId: string) => string;
};

/** Letters within this time are one word. */
const TYPE_AHEAD_MS = 500;

/**
 * Keys of a tree of links: up and down between rows, right opens or goes in, left closes or goes out, Home and End,
 * letters go to the next title that begins with them. Enter follows the link by itself. Returns the row that Tab reaches.
 */
export function useTreeKeys({ onToggle, titleOf }: TreeKeysOptions) {
  const [focusedId, setFocusedId] = useState<string | null>(null);
  const typed = useRef({ text: "", atMs: 0 });

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const target = event.target as HTMLElement;
    if (target.role !== "treeitem" || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')];
    const next = isLetter(event.key)
      ? findTyped(items, target, event)
      : findNext(items, target, event.key, () => onToggle(target.dataset.chatId ?? ""));
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  }

  function findTyped(items: readonly HTMLElement[], target: HTMLElement, event: KeyboardEvent) {
    const isNew = event.timeStamp - typed.current.atMs > TYPE_AHEAD_MS;
    typed.current = { text: (isNew ? "" : typed.current.text) + event.key.toLowerCase(), atMs: event.timeStamp };
    const index = typeAhead(
      items.map((item) => titleOf(item.dataset.chatId ?? "")),
      items.indexOf(target),
      typed.current.text,
    );
    return items[index] ?? null;
  }

  const onFocus = (event: { target: EventTarget }) => {
    const target = event.target as HTMLElement;
    if (target.role === "treeitem") setFocusedId(target.dataset.chatId ?? null);
  };

  return { focusedId, handlers: { onKeyDown, onFocus } };
}

const isLetter = (key: string): boolean => [...key].length === 1 && key !== " ";

/** The title that the typed text means: the next one for a first letter, this one too while it goes on. −1 for none. */
export function typeAhead(titles: readonly string[], current: number, text: string): number {
  const first = [...text].every((letter) => letter === text[0]);
  const wanted = first ? (text[0] ?? "") : text;
  const start = first ? current + 1 : current;
  for (let step = 0; step < titles.length; step += 1) {
    const index = (start + step) % titles.length;
    if (titles[index]?.toLowerCase().startsWith(wanted)) return index;
  }
  return -1;
}

/** Undefined: the key is not ours. Null: it was used without moving. */
function findNext(
  items: readonly HTMLElement[],
  target: HTMLElement,
  key: string,
  toggle: () => void,
): HTMLElement | null | undefined {
  const index = items.indexOf(target);
  const expanded = target.getAttribute("aria-expanded");
  switch (key) {
    case "ArrowDown":
      return items[index + 1] ?? null;
    case "ArrowUp":
      return items[index - 1] ?? null;
    case "Home":
      return items[0] ?? null;
    case "End":
      return items.at(-1) ?? null;
    case "ArrowRight":
      if (expanded === "false") toggle();
      return expanded === "true" ? (items[index + 1] ?? null) : null;
    case "ArrowLeft":
      if (expanded === "true") toggle();
      if (target.ariaLevel === "2") return items.slice(0, index).findLast((item) => item.ariaLevel === "1") ?? null;
      return null;
    default:
      return undefined;
  }
}
