"use client";

import { useCallback, useSyncExternalStore } from "react";
import { EMPTY_REVIEW, type ReviewAction, type ReviewDraft, reduceReview } from "./review-draft";

const storageKey = (chatId: string) => `slipway.review.${chatId}`;

/** Drafts of this page by chat; each is also kept in this browser, so that a reload costs nothing. */
const drafts = new Map<string, ReviewDraft>();
const listeners = new Set<() => void>();

function readDraft(chatId: string): ReviewDraft {
  const known = drafts.get(chatId);
  if (known) return known;
  const kept = readKept(chatId);
  drafts.set(chatId, kept);
  return kept;
}

function readKept(chatId: string): ReviewDraft {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey(chatId)) ?? "null") as Partial<ReviewDraft> | null;
    return Array.isArray(kept?.comments) ? { comments: kept.comments, open: kept.open ?? null } : EMPTY_REVIEW;
  } catch {
    return EMPTY_REVIEW;
  }
}

function writeDraft(chatId: string, draft: ReviewDraft): void {
  drafts.set(chatId, draft);
  try {
    if (draft.comments.length === 0 && !draft.open) localStorage.removeItem(storageKey(chatId));
    else localStorage.setItem(storageKey(chatId), JSON.stringify(draft));
  } catch {
    // A full or forbidden storage: the review lasts as long as the page.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  const onStorage = (event: StorageEvent) => {
    if (!event.key?.startsWith(storageKey(""))) return;
    drafts.delete(event.key.slice(storageKey("").length));
    listener();
  };
  window.addEventListener("storage", onStorage);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", onStorage);
  };
}

export type Review = { draft: ReviewDraft; dispatch: (action: ReviewAction) => void };

/** The comments of a chat that were not sent yet: the same for every view, tab and reload. */
export function useReview(chatId: string): Review {
  const draft = useSyncExternalStore(
    subscribe,
    () => readDraft(chatId),
    () => EMPTY_REVIEW,
  );
  const dispatch = useCallback(
    (action: ReviewAction) => writeDraft(chatId, reduceReview(readDraft(chatId), action)),
    [chatId],
  );
  return { draft, dispatch };
}
