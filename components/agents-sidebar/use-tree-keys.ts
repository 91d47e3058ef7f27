"use client";

import { type KeyboardEvent, useState } from "react";

type TreeKeysOptions = {
  /** Opens or closes the subagents of a root. */
  onToggle: (chatId: string) => void;
};

/**
 * Arrow keys of a tree of links: up and down between rows, right opens or goes in, left closes or goes out, Home and
 * End. Enter follows the link by itself. Returns the row that Tab reaches.
 */
export function useTreeKeys({ onToggle }: TreeKeysOptions) {
  const [focusedId, setFocusedId] = useState<string | null>(null);

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const target = event.target as HTMLElement;
    if (target.role !== "treeitem" || event.altKey || event.ctrlKey || event.metaKey) return;
    const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="treeitem"]')];
    const next = findNext(items, target, event.key, () => onToggle(target.dataset.chatId ?? ""));
    if (next === undefined) return;
    event.preventDefault();
    next?.focus();
  }

  const onFocus = (event: { target: EventTarget }) => {
    const target = event.target as HTMLElement;
    if (target.role === "treeitem") setFocusedId(target.dataset.chatId ?? null);
  };

  return { focusedId, handlers: { onKeyDown, onFocus } };
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
