import { type CodeLine, markChangedWords } from "../../chat/diff-lines";
import { revealHidden } from "../../chat/hidden-characters";
import type { PatchBlock } from "./parse-patch";

/** A row of the split view: what was there, and what is there instead. */
export type LinePair = { left: CodeLine | null; right: CodeLine | null };

/** Of a longer line, a minified file's for one, the beginning is drawn. */
export const MAX_LINE_CHARS = 2_000;

const linesOf = new WeakMap<PatchBlock, CodeLine[]>();

/** The lines of a block, read once. */
export function readBlock(block: PatchBlock): CodeLine[] {
  const known = linesOf.get(block);
  if (known) return known;
  const lines = parseBlock(block);
  linesOf.set(block, lines);
  return lines;
}

function parseBlock(block: PatchBlock): CodeLine[] {
  let oldLine = block.oldStart;
  let newLine = block.newStart;
  const lines: CodeLine[] = [];
  for (const raw of block.text.split("\n")) {
    const text = revealHidden(cut(raw.slice(1).replace(/\r$/, "")));
    if (raw.startsWith("+")) lines.push({ kind: "added", text, oldLine: null, newLine: newLine++, changed: null });
    else if (raw.startsWith("-"))
      lines.push({ kind: "deleted", text, oldLine: oldLine++, newLine: null, changed: null });
    else if (raw.startsWith(" ")) {
      lines.push({ kind: "context", text, oldLine: oldLine++, newLine: newLine++, changed: null });
    }
  }
  return markChangedWords(lines);
}

function cut(text: string): string {
  if (text.length <= MAX_LINE_CHARS) return text;
  return `${text.slice(0, MAX_LINE_CHARS)} … ${text.length - MAX_LINE_CHARS} more characters`;
}

/** Puts deleted and added lines of a run beside each other. */
export function pairLines(lines: readonly CodeLine[]): LinePair[] {
  const pairs: LinePair[] = [];
  let deleted: CodeLine[] = [];
  let added: CodeLine[] = [];
  const flush = () => {
    for (let index = 0; index < Math.max(deleted.length, added.length); index += 1) {
      pairs.push({ left: deleted[index] ?? null, right: added[index] ?? null });
    }
    deleted = [];
    added = [];
  };
  for (const line of lines) {
    if (line.kind === "deleted") {
      if (added.length > 0) flush();
      deleted.push(line);
    } else if (line.kind === "added") added.push(line);
    else {
      flush();
      pairs.push({ left: line, right: line });
    }
  }
  flush();
  return pairs;
}
