"use client";

import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { PatchFile } from "./parse-patch";
import { isViewed, type ViewedMarks, withMark } from "./viewed-marks";

const STORAGE_KEY = "slipway.viewed";
const NO_MARKS: ViewedMarks = {};

/** Of this page; also kept in this browser. Null: not read yet. */
let marks: ViewedMarks | null = null;
const listeners = new Set<() => void>();

function readMarks(): ViewedMarks {
  marks ??= readKept();
  return marks;
}

function readKept(): ViewedMarks {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "null");
    return kept !== null && typeof kept === "object" ? (kept as ViewedMarks) : NO_MARKS;
  } catch {
    return NO_MARKS;
  }
}

function writeMarks(next: ViewedMarks): void {
  marks = next;
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  } catch {
    // A full or forbidden storage: the marks last as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  const onStorage = ({ key }: StorageEvent) => {
    if (key !== STORAGE_KEY) return;
    marks = null;
    listener();
  };
  listeners.add(listener);
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

export type Viewed = { has: (file: PatchFile) => boolean; mark: (file: PatchFile, isViewed: boolean) => void };

/** Which files of a diff this browser's person has looked through. */
export function useViewed({ chatId, source }: { chatId: string; source: string }): Viewed {
  const current = useSyncExternalStore(subscribe, readMarks, () => NO_MARKS);
  const has = useCallback((file: PatchFile) => isViewed(current, { chatId, source }, file), [current, chatId, source]);
  const mark = useCallback(
    (file: PatchFile, viewed: boolean) =>
      writeMarks(withMark(readMarks(), { place: { chatId, source }, file, isViewed: viewed })),
    [chatId, source],
  );
  return useMemo(() => ({ has, mark }), [has, mark]);
}
