"use client";

import { useSyncExternalStore } from "react";
import { applyTheme, parseTheme, THEMES, type Theme } from "./theme";
import { Segmented } from "./ui/segmented";

const listeners = new Set<() => void>();
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};
const read = () => parseTheme(document.documentElement.dataset.theme);

const labels = { system: "System", light: "Light", dark: "Dark" } satisfies Record<Theme, string>;

/** The theme of this browser and how to change it. `initial` is what the server rendered. */
export function useTheme(initial: Theme): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, read, () => initial);
  const choose = (next: Theme) => {
    applyTheme(next);
    for (const listener of listeners) listener();
  };
  return [theme, choose];
}

/** System, light or dark. */
export function ThemeChoice({ initial }: { initial: Theme }) {
  const [theme, choose] = useTheme(initial);
  return (
    <Segmented
      label="Theme"
      value={theme}
      onValueChange={choose}
      options={THEMES.map((value) => ({ value, label: labels[value] }))}
    />
  );
}
