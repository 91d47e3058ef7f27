/** Unified diffs for the person who watches. Pure; the shortest edit script up to a bound, a whole replacement beyond it. */

export type FileDiff = { diff: string; additions: number; deletions: number };

type Edit = { kind: " " | "-" | "+"; line: string };

const CONTEXT_LINES = 3;
/** Differences that the exact search looks for; its memory grows with the square. */
const MAX_DIFFERENCES = 600;
/** Of one file's diff; a larger one is cut at a line. */
const MAX_DIFF_CHARACTERS = 64 * 1024;
const NO_NEWLINE = "\\ No newline at end of file";

/** `before` is null for a new file. */
export function diffFile(path: string, before: string | null, after: string): FileDiff {
  const edits = diffLines(splitLines(before ?? ""), splitLines(after));
  const header = `--- ${before === null ? "/dev/null" : `a/${path}`}\n+++ b/${path}\n`;
  const additions = edits.filter((edit) => edit.kind === "+").length;
  const deletions = edits.filter((edit) => edit.kind === "-").length;
  if (additions + deletions === 0) return { diff: "", additions, deletions };
  return { diff: bound(header + formatHunks(edits)), additions, deletions };
}

/** Lines with their newline, so that a missing last one is a difference. */
const splitLines = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function diffLines(before: string[], after: string[]): Edit[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  const shortest = Math.min(before.length, after.length) - start;
  while (end < shortest && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  const keep = (line: string): Edit => ({ kind: " ", line });
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  return [
    ...before.slice(0, start).map(keep),
    ...(shortestEdits(old, fresh) ?? replaceAll(old, fresh)),
    ...before.slice(before.length - end).map(keep),
  ];
}

const replaceAll = (old: string[], fresh: string[]): Edit[] => [
  ...old.map((line): Edit => ({ kind: "-", line })),
  ...fresh.map((line): Edit => ({ kind: "+", line })),
];

/** Myers, "An O(ND) difference algorithm" (1986), greedy, with the trace kept for the way back. */
function shortestEdits(old: string[], fresh: string[]): Edit[] | undefined {
  const limit = Math.min(MAX_DIFFERENCES, old.length + fresh.length);
  const trace: Int32Array[] = [];
  const furthest = new Int32Array(2 * limit + 3);
  const at = (diagonal: number) => diagonal + limit + 1;
  for (let differences = 0; differences <= limit; differences += 1) {
    trace.push(furthest.slice());
    for (let diagonal = -differences; diagonal <= differences; diagonal += 2) {
      const isDown = goesDown(furthest, at, diagonal, differences);
      let x = isDown ? furthest[at(diagonal + 1)]! : furthest[at(diagonal - 1)]! + 1;
      while (x < old.length && x - diagonal < fresh.length && old[x] === fresh[x - diagonal]) x += 1;
      furthest[at(diagonal)] = x;
      if (x >= old.length && x - diagonal >= fresh.length) return walkBack({ old, fresh, trace, at });
    }
  }
  return undefined;
}

function goesDown(furthest: Int32Array, at: (diagonal: number) => number, diagonal: number, differences: number) {
  if (diagonal === -differences) return true;
  return diagonal !== differences && furthest[at(diagonal - 1)]! < furthest[at(diagonal + 1)]!;
}

type Walk = { old: string[]; fresh: string[]; trace: Int32Array[]; at: (diagonal: number) => number };

function walkBack({ old, fresh, trace, at }: Walk): Edit[] {
  const edits: Edit[] = [];
  let x = old.length;
  let y = fresh.length;
  for (let differences = trace.length - 1; differences >= 0; differences -= 1) {
    const furthest = trace[differences]!;
    const isDown = goesDown(furthest, at, x - y, differences);
    const fromDiagonal = isDown ? x - y + 1 : x - y - 1;
    const fromX = differences === 0 ? 0 : furthest[at(fromDiagonal)]!;
    const fromY = differences === 0 ? 0 : fromX - fromDiagonal;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      edits.push({ kind: " ", line: old[x]! });
    }
    if (differences === 0) break;
    if (isDown) edits.push({ kind: "+", line: fresh[fromY]! });
    else edits.push({ kind: "-", line: old[fromX]! });
    x = fromX;
    y = fromY;
  }
  return edits.reverse();
}

function formatHunks(edits: Edit[]): string {
  const shown = markShown(edits);
  let text = "";
  let oldLine = 1;
  let newLine = 1;
  for (let index = 0; index < edits.length; ) {
    const start = { index, oldLine, newLine };
    const isShown = shown[index] === 1;
    while (index < edits.length && (shown[index] === 1) === isShown) {
      if (edits[index]!.kind !== "+") oldLine += 1;
      if (edits[index]!.kind !== "-") newLine += 1;
      index += 1;
    }
    if (!isShown) continue;
    const from = range(start.oldLine, oldLine - start.oldLine);
    const to = range(start.newLine, newLine - start.newLine);
    text += `@@ -${from} +${to} @@\n${edits.slice(start.index, index).map(formatEdit).join("")}`;
  }
  return text;
}

/** Changed lines and the context around them. */
function markShown(edits: Edit[]): Uint8Array {
  const shown = new Uint8Array(edits.length);
  edits.forEach((edit, index) => {
    if (edit.kind !== " ") shown.fill(1, Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1);
  });
  return shown;
}

/** An empty range names the line before it. */
function range(start: number, count: number): string {
  if (count === 0) return `${start - 1},0`;
  return count === 1 ? String(start) : `${start},${count}`;
}

const formatEdit = ({ kind, line }: Edit): string =>
  line.endsWith("\n") ? kind + line : `${kind}${line}\n${NO_NEWLINE}\n`;

function bound(diff: string): string {
  if (diff.length <= MAX_DIFF_CHARACTERS) return diff;
  const cut = diff.slice(0, diff.lastIndexOf("\n", MAX_DIFF_CHARACTERS) + 1);
  return `${cut}\\ The diff is longer than what is shown\n`;
}
