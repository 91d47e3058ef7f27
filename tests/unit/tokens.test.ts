import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("../../app/globals.css", import.meta.url), "utf8");
const THEMES = ["light", "dark"] as const;
type Theme = (typeof THEMES)[number];

/** The colour behind a token, through `var()` and `light-dark()`. */
function colorOf(token: string, theme: Theme): string {
  const value = new RegExp(`^\\s*--${token}: ([^;]+);`, "m").exec(css)?.[1] ?? "";
  const pair = /^light-dark\((#\w+), (#\w+)\)$/.exec(value);
  if (pair) return pair[theme === "light" ? 1 : 2] ?? "";
  const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1];
  if (other) return colorOf(other, theme);
  if (!/^#\w{6}$/.test(value)) throw new Error(`--${token} is not a colour: ${value}`);
  return value;
}

/** WCAG 2.2, "relative luminance". */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(foreground: string, background: string, theme: Theme): number {
  const [dark = 0, light = 0] = [foreground, background]
    .map((token) => luminance(colorOf(token, theme)))
    .sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const surfaces = ["bg", "bg-sidebar", "bg-raised", "bg-sunken", "bg-hover", "bg-active", "bg-bubble"];
const textPairs = [
  ...["text", "text-2", "text-3"].flatMap((text) => surfaces.map((surface) => [text, surface])),
  ...["success", "warning", "danger", "accent"].flatMap((hue) => [
    [hue, `${hue}-bg`],
    [hue, "bg"],
    [hue, "bg-raised"],
    ["text", `${hue}-bg`],
    ["text-2", `${hue}-bg`],
  ]),
  ...["pr-open", "pr-draft", "pr-merged", "pr-closed"].map((state) => [state, "bg-sidebar"]),
  ["pr-merged", "pr-merged-bg"],
  ["on-action", "action"],
  ["on-accent", "accent-solid"],
  ["on-danger", "danger-solid"],
  ["danger", "bg-active"],
  ["warning", "bg-active"],
  ["diff-add-text", "bg-active"],
  ["diff-del-text", "bg-active"],
] as [string, string][];
const shapePairs: [string, string][] = [
  ["unread", "bg-sidebar"],
  ["unread", "bg-active"],
  ["focus", "bg"],
  ["focus", "bg-sidebar"],
  ["border-strong", "bg"],
  ["n-8", "bg-raised"],
  ["success-solid", "bg-raised"],
];

describe.each(THEMES)("in the %s theme", (theme) => {
  test.each(textPairs)("%s is readable on %s (4.5:1)", (foreground, background) => {
    expect(contrast(foreground, background, theme)).toBeGreaterThanOrEqual(4.5);
  });

  test.each(shapePairs)("%s is visible on %s (3:1)", (foreground, background) => {
    expect(contrast(foreground, background, theme)).toBeGreaterThanOrEqual(3);
  });
});
