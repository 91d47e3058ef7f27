/** Terminal output as coloured runs. Colours are kept, every other escape sequence is dropped. */

export type AnsiRun = { text: string; className: string | undefined };

const COLOURS: Record<number, string> = {
  30: "text-code-comment",
  31: "text-danger",
  32: "text-success",
  33: "text-warning",
  34: "text-accent",
  35: "text-code-keyword",
  36: "text-code-function",
  90: "text-code-comment",
  91: "text-danger",
  92: "text-success",
  93: "text-warning",
  94: "text-accent",
  95: "text-code-keyword",
  96: "text-code-function",
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal output is made of them
const ESCAPE = /\u001b\[([\d;]*)([A-Za-z])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-_]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal output is made of them
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** One line in, its runs out. A carriage return starts the line anew, as a progress bar means it. */
export function parseAnsiLine(line: string): AnsiRun[] {
  const text = line.replace(/\r+$/, "");
  const visible = text.slice(text.lastIndexOf("\r") + 1);
  const runs: AnsiRun[] = [];
  let style: Style = {};
  let from = 0;
  for (const match of visible.matchAll(ESCAPE)) {
    pushRun(runs, visible.slice(from, match.index), style);
    if (match[2] === "m") style = applyCodes(style, match[1] ?? "");
    from = match.index + match[0].length;
  }
  pushRun(runs, visible.slice(from), style);
  return runs;
}

type Style = { colour?: string; isBold?: boolean; isDim?: boolean };

function applyCodes(style: Style, codes: string): Style {
  let next = { ...style };
  for (const code of codes === "" ? [0] : codes.split(";").map(Number)) {
    if (code === 0) next = {};
    else if (code === 1) next.isBold = true;
    else if (code === 2) next.isDim = true;
    else if (code === 22) next = { ...next, isBold: false, isDim: false };
    else if (code === 39) next.colour = undefined;
    else next.colour = COLOURS[code] ?? next.colour;
  }
  return next;
}

function pushRun(runs: AnsiRun[], raw: string, style: Style): void {
  const text = raw.replace(CONTROLS, "");
  if (text === "") return;
  const colour = style.colour ?? (style.isDim ? "text-code-comment" : undefined);
  const className = [colour, style.isBold && "font-semibold"].filter(Boolean).join(" ");
  runs.push({ text, className: className || undefined });
}
