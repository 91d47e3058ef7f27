"use client";

import { type KeyboardEvent, useRef, useState } from "react";
import { formatSearch, type Pill, pillProblem, takePill } from "./search-terms";

type SearchInputOptions = {
  /** Moves among the results. */
  onMove: (by: 1 | -1) => void;
  /** Enter, when it does not end a condition. */
  onEnter: () => void;
  /** What is searched changed. */
  onChange: () => void;
};

/**
 * The search line: words, and conditions as pills. `key:value` becomes one at a space or Enter, Backspace in an empty
 * line takes the last one back.
 */
export function useSearchInput(options: SearchInputOptions) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState("");
  const [pills, setPills] = useState<readonly Pill[]>([]);
  const [problem, setProblem] = useState<string | null>(null);
  /** The condition whose value is being chosen. */
  const open = pills.find((pill) => pill.value === "");

  function change(next: { text?: string; pills?: readonly Pill[] }) {
    if (next.text !== undefined) setText(next.text);
    if (next.pills) setPills(next.pills);
    setProblem(null);
    options.onChange();
  }

  function addPill(pill: Pill, rest = "") {
    const problemOfPill = pill.value === "" ? null : pillProblem(pill);
    if (problemOfPill) return setProblem(problemOfPill);
    change({ text: rest, pills: [...pills.filter((each) => each.value !== ""), pill] });
    input.current?.focus();
  }

  /** Whether the word before the caret was one of a condition. */
  function commitWord(): boolean {
    const word = text.trim();
    if (open && word) addPill({ key: open.key, value: word });
    if (open) return true;
    const taken = takePill(text);
    if (taken) addPill(taken.pill, taken.text);
    return taken !== null;
  }

  /** Whether the key was ours. */
  function press(key: string): boolean {
    switch (key) {
      case "ArrowDown":
      case "ArrowUp":
        options.onMove(key === "ArrowDown" ? 1 : -1);
        return true;
      case "Enter":
        if (!commitWord()) options.onEnter();
        return true;
      case " ":
        return commitWord();
      case "Backspace":
        if (text !== "" || pills.length === 0) return false;
        change({ pills: pills.slice(0, -1) });
        return true;
      default:
        return false;
    }
  }

  return {
    ref: input,
    text,
    pills,
    open,
    problem,
    q: formatSearch(open ? "" : text, pills),
    setText: (next: string) => change({ text: next }),
    addPill: (pill: Pill) => addPill(pill),
    removePill: (pill: Pill) => change({ pills: pills.filter((each) => each !== pill) }),
    removePills: () => {
      change({ pills: [] });
      input.current?.focus();
    },
    onKeyDown(event: KeyboardEvent) {
      if (!event.nativeEvent.isComposing && press(event.key)) event.preventDefault();
    },
  };
}
