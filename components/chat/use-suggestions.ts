"use client";

import { type KeyboardEvent, type RefObject, useEffect, useId, useMemo, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { isComposing } from "./submit-key";
import { applySuggestion, findTrigger, matchSuggestions, type Suggestion, stepOption } from "./suggestions";

/** Paths of files that match. */
export type FindFiles = (query: string, signal: AbortSignal) => Promise<string[]>;

type SuggestionsOptions = {
  field: RefObject<HTMLTextAreaElement | null>;
  text: string;
  change: (text: string) => void;
  commands: readonly Suggestion[];
  /** Undefined where there is no workspace to look in. */
  findFiles?: FindFiles | undefined;
};

/** Between two keys of somebody who types. */
const PAUSE_MS = 120;
const MAX_OPTIONS = 50;

/** Completion while typing: `/` for commands and `@` for files. Escape puts it away until something else is typed. */
export function useSuggestions({ field, text, change, commands, findFiles }: SuggestionsOptions) {
  const listId = useId();
  const [caret, setCaret] = useState(0);
  const [active, setActive] = useState(0);
  const [dismissed, setDismissed] = useState<string>();
  const found = findTrigger(text, caret);
  const isOffered = found?.kind === "command" ? commands.length > 0 : findFiles !== undefined;
  const trigger = found && isOffered && dismissed !== text ? found : undefined;
  const files = useFiles(trigger?.kind === "file" ? trigger.query : undefined, findFiles);
  const options = useMemo(() => {
    if (!trigger) return [];
    const all = trigger.kind === "command" ? matchSuggestions(commands, trigger.query) : files.options;
    return all.slice(0, MAX_OPTIONS);
  }, [trigger, commands, files.options]);
  const index = Math.min(active, Math.max(0, options.length - 1));

  const pick = (option: Suggestion) => {
    if (!trigger) return;
    const next = applySuggestion(text, trigger, option.id);
    change(next.text);
    setCaret(next.caret);
    setActive(0);
    requestAnimationFrame(() => field.current?.setSelectionRange(next.caret, next.caret));
  };

  /** Whether the key was used here. */
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!trigger || isComposing(event)) return false;
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : undefined;
    const option = options[index];
    if (by !== undefined && options.length > 0) setActive(stepOption(index, options.length, by));
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && option) pick(option);
    else if (event.key === "Escape") setDismissed(text);
    else return false;
    event.preventDefault();
    return true;
  };

  const onCaret = () => {
    setCaret(field.current?.selectionStart ?? 0);
    setActive(0);
  };
  const note = trigger && options.length === 0 ? (trigger.kind === "command" ? "No such command" : files.note) : "";
  return { listId, trigger, options, active: index, note, pick, onKeyDown, onCaret };
}

type FoundFiles = { query: string | undefined; options: Suggestion[]; note: string };
const NOTHING_FOUND: FoundFiles = { query: undefined, options: [], note: "" };

function useFiles(query: string | undefined, findFiles: FindFiles | undefined) {
  const [found, setFound] = useState(NOTHING_FOUND);
  useEffect(() => {
    if (query === undefined || !findFiles) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      findFiles(query, controller.signal).then(
        (names) => setFound({ query, options: names.map(toSuggestion), note: "No such file" }),
        (error: unknown) => {
          // The name can still be typed.
          if (!controller.signal.aborted) setFound({ query, options: [], note: errorText(error) });
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [query, findFiles]);
  return { options: found.options, note: found.query === query ? found.note : "Looking for files" };
}

function toSuggestion(path: string): Suggestion {
  const slash = path.lastIndexOf("/");
  return { id: path, label: path.slice(slash + 1), hint: path.slice(0, Math.max(0, slash)) };
}
