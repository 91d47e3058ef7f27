"use client";

import { THEMES, type Theme } from "./theme";
import { Segmented } from "./ui/segmented";
import { useTheme } from "./use-theme";

const labels = { system: "System", light: "Light", dark: "Dark" } satisfies Record<Theme, string>;

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
