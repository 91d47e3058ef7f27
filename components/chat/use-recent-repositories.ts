"use client";

import { useStoredChoice } from "./use-stored-choice";

const STORAGE_KEY = "slipway.repositories";
/** As many as a menu shows at a glance. */
const MAX_RECENT = 8;

/** Repositories that agents were started on from this browser, the last one first. */
export function useRecentRepositories(): [recent: readonly string[], add: (repository: string) => void] {
  const [stored, store] = useStoredChoice(STORAGE_KEY);
  const recent = (stored ?? "").split("\n").filter(Boolean);
  const add = (repository: string) => {
    const others = recent.filter((other) => other !== repository);
    store([repository, ...others].slice(0, MAX_RECENT).join("\n"));
  };
  return [recent, add];
}
