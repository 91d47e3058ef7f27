/** The head of a SKILL.md: the few forms of YAML that such heads have. Pure; what it does not know is left out. */

type Head = { name?: string; description?: string };

const BLOCK = /^---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/;
const ENTRY = /^(name|description):[ \t]*(.*)$/;

/** `name` and `description` of the block between `---` lines at the start; null without one. Values may fold over lines. */
export function parseFrontMatter(text: string): Head | null {
  const block = BLOCK.exec(text.replace(/^\uFEFF/, ""))?.[1];
  if (block === undefined) return null;
  const head: Head = {};
  const lines = block.split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const [, key, first = ""] = ENTRY.exec(line) ?? [];
    if (!key) continue;
    const value = unquote(
      [/^[>|][+-]?$/.test(first.trim()) ? "" : first, ...continuation(lines, index + 1)].join(" ").trim(),
    );
    if (value !== "") head[key as keyof Head] = value.replaceAll(/\s+/g, " ");
  }
  return head;
}

/** Indented lines belong to the entry above. */
function continuation(lines: string[], from: number): string[] {
  const end = lines.findIndex((line, index) => index >= from && !/^\s+\S|^\s*$/.test(line));
  return lines.slice(from, end === -1 ? undefined : end).map((line) => line.trim());
}

function unquote(value: string): string {
  const quoted = /^(["'])([\s\S]*)\1$/.exec(value);
  if (!quoted) return value;
  const [, quote, inner = ""] = quoted;
  return quote === "'" ? inner.replaceAll("''", "'") : inner.replaceAll(/\\(["\\])/g, "$1");
}
