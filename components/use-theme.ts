"use client";

import { useSyncExternalStore } from "react";
import { applyTheme, parseTheme, type Theme } from "./theme";

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
const read = () => parseTheme(document.documentElement.dataset.theme);

/** The theme of this browser and how to change it. `initial` is what the server rendered. */
export function useTheme(initial: Theme): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, read, () => initial);
  const choose = (next: Theme) => {
    applyTheme(next);
    for (const listener of listeners) listener();
  };
  return [theme, choose];
}
