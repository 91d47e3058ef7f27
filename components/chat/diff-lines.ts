/** A line of code in a diff. Line numbers are null on the side that lacks the line. */
export type CodeLine = {
  kind: "context" | "added" | "deleted";
  text: string;
  oldLine: number | null;
  newLine: number | null;
  /** What differs from the line it replaces, as [from, to) characters; null when the whole line does. */
  changed: [from: number, to: number] | null;
};

/** One line of a unified diff as it is drawn. */
export type DiffLine = { kind: "hunk"; text: string } | CodeLine;

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/;

/** Reads the hunks of one file's unified diff; anything before the first hunk is a header and is left out. */
export function parseDiffLines(diff: string): DiffLine[] {
  const lines: DiffLine[] = [];
  let oldLine = 0;
  let newLine = 0;
  let inHunk = false;
  for (const raw of diff.split("\n")) {
    const hunk = HUNK.exec(raw);
    if (hunk) {
      oldLine = Number(hunk[1]);
      newLine = Number(hunk[2]);
      inHunk = true;
      lines.push({ kind: "hunk", text: raw });
    } else if (!inHunk || raw.startsWith("\\")) {
      // A file header, or "\ No newline at end of file".
    } else if (raw.startsWith("+")) {
      lines.push({ kind: "added", text: raw.slice(1), oldLine: null, newLine, changed: null });
      newLine += 1;
    } else if (raw.startsWith("-")) {
      lines.push({ kind: "deleted", text: raw.slice(1), oldLine, newLine: null, changed: null });
      oldLine += 1;
    } else if (raw.startsWith(" ")) {
      lines.push({ kind: "context", text: raw.slice(1), oldLine, newLine, changed: null });
      oldLine += 1;
      newLine += 1;
    } else {
      inHunk = raw === "";
    }
  }
  return markChangedWords(lines);
}

/** Pairs the n-th deleted with the n-th added line of a run and marks what lies between their common ends. */
export function markChangedWords<Line extends DiffLine>(lines: readonly Line[]): Line[] {
  const marked = [...lines];
  let index = 0;
  while (index < lines.length) {
    const deleted = runLength(lines, index, "deleted");
    const added = runLength(lines, index + deleted, "added");
    if (deleted > 0 && deleted === added) {
      for (let offset = 0; offset < deleted; offset += 1) markPair(marked, index + offset, index + deleted + offset);
    }
    index += Math.max(1, deleted + added);
  }
  return marked;
}

function runLength(lines: readonly DiffLine[], start: number, kind: DiffLine["kind"]): number {
  let end = start;
  while (lines[end]?.kind === kind) end += 1;
  return end - start;
}

function markPair<Line extends DiffLine>(lines: Line[], oldIndex: number, newIndex: number): void {
  const before = lines[oldIndex];
  const after = lines[newIndex];
  if (!before || !after || before.kind === "hunk" || after.kind === "hunk") return;
  const shortest = Math.min(before.text.length, after.text.length);
  let start = 0;
  while (start < shortest && before.text[start] === after.text[start]) start += 1;
  let tail = 0;
  while (tail < shortest - start && before.text.at(-1 - tail) === after.text.at(-1 - tail)) tail += 1;
  const kept = before.text.slice(0, start).trim().length + tail;
  // Lines that share next to nothing are read better whole.
  if (kept < shortest * 0.3) return;
  lines[oldIndex] = { ...before, changed: [start, before.text.length - tail] };
  lines[newIndex] = { ...after, changed: [start, after.text.length - tail] };
}
