/** A few lines of one file's diff that are drawn together; its text is read when it comes into view. */
export type PatchBlock = {
  key: string;
  /** `@@ … @@`, for the first block of a hunk. */
  hunk: string | null;
  /** Lines with their signs. */
  text: string;
  /** Line numbers from, and before which, on each side. */
  oldStart: number;
  oldEnd: number;
  newStart: number;
  newEnd: number;
  /** How many rows it has with both sides below each other, and beside each other. */
  unifiedRows: number;
  splitRows: number;
};

export const PATCH_KINDS = ["changed", "added", "deleted", "renamed"] as const;
export type PatchKind = (typeof PATCH_KINDS)[number];

export type PatchFile = {
  /** Where it is now, or was before it was deleted. */
  path: string;
  /** Of a renamed file. */
  oldPath: string | null;
  kind: PatchKind;
  isBinary: boolean;
  additions: number;
  deletions: number;
  /** Of its whole text: another one means that the file changed since. */
  sizeChars: number;
  blocks: PatchBlock[];
};

/** A block ends at the next unchanged line after so many, so that a replaced run stays together. */
const BLOCK_LINES = 60;
/** It ends there whatever the line is. */
const MAX_BLOCK_LINES = 160;

const PLUS = 43;
const MINUS = 45;
const SPACE = 32;
const BACKSLASH = 92;

/**
 * Reads git's unified diff of many files: where each file and block begins, and how high it will be. What the lines say
 * is not looked into. A file at a time, so that a reader of megabytes may pause in between.
 */
export function* readPatch(patch: string): Generator<PatchFile, void> {
  const starts = fileStarts(patch);
  for (const [index, start] of starts.entries()) yield parseFile(patch.slice(start, starts[index + 1] ?? patch.length));
}

/** The same at once. */
export const parsePatch = (patch: string): PatchFile[] => [...readPatch(patch)];

const FILE_HEAD = "diff --git ";

/** A line of a file's content begins with a sign, so that a head is never taken for one. */
function fileStarts(patch: string): number[] {
  const starts = patch.startsWith(FILE_HEAD) ? [0] : [];
  for (let at = patch.indexOf(`\n${FILE_HEAD}`); at !== -1; at = patch.indexOf(`\n${FILE_HEAD}`, at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

function parseFile(text: string): PatchFile {
  const bodyAt = text.startsWith("@@ ") ? 0 : text.indexOf("\n@@ ") + 1;
  const head = bodyAt > 0 ? text.slice(0, bodyAt) : text;
  const body = bodyAt > 0 ? scanBlocks(text, bodyAt) : { blocks: [], additions: 0, deletions: 0 };
  return { ...readHead(head), ...body, sizeChars: text.length };
}

function readHead(head: string): Pick<PatchFile, "path" | "oldPath" | "kind" | "isBinary"> {
  const after = (start: string) => {
    const at = head.indexOf(`\n${start}`);
    if (at === -1) return undefined;
    const end = head.indexOf("\n", at + 1);
    return head.slice(at + 1 + start.length, end === -1 ? undefined : end);
  };
  const side = (start: string) => {
    const name = after(start);
    return name === undefined || name === "/dev/null" ? undefined : unquote(name).replace(/^[ab]\//, "");
  };
  const renamedFrom = after("rename from ");
  const renamedTo = renamedFrom === undefined ? undefined : after("rename to ");
  const firstLine = () => headPath(head.slice(0, head.indexOf("\n") === -1 ? undefined : head.indexOf("\n")));
  return {
    path: side("+++ ") ?? (renamedTo && unquote(renamedTo)) ?? side("--- ") ?? firstLine(),
    oldPath: renamedFrom ? unquote(renamedFrom) : null,
    kind: renamedFrom ? "renamed" : kindOf(after("new file mode"), after("deleted file mode")),
    isBinary: after("Binary files ") !== undefined || after("GIT binary patch") !== undefined,
  };
}

function kindOf(created: string | undefined, deleted: string | undefined): PatchKind {
  if (created !== undefined) return "added";
  return deleted === undefined ? "changed" : "deleted";
}

/** `diff --git a/x b/x` of a file whose content did not change: both halves are the same name. */
function headPath(line: string): string {
  const names = line.slice(FILE_HEAD.length);
  const half = names.slice((names.length + 1) / 2);
  return unquote(half).replace(/^b\//, "");
}

const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Git writes a name with quotes, escapes and octal bytes of UTF-8 when it is not plain ASCII. */
function unquote(name: string): string {
  const plain = name.replace(/\t$/, "");
  if (!plain.startsWith('"') || !plain.endsWith('"')) return plain;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (const [piece] of plain.slice(1, -1).matchAll(/\\[0-7]{3}|\\.|[^\\]+/gu)) {
    if (/^\\[0-7]{3}$/.test(piece)) bytes.push(Number.parseInt(piece.slice(1), 8));
    else bytes.push(...encoder.encode(piece.startsWith("\\") ? (ESCAPES[piece.slice(1)] ?? piece.slice(1)) : piece));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

type Scan = Pick<PatchFile, "blocks" | "additions" | "deletions">;

function scanBlocks(text: string, from: number): Scan {
  const blocks: PatchBlock[] = [];
  let additions = 0;
  let deletions = 0;
  let open: OpenBlock | undefined;
  let oldLine = 0;
  let newLine = 0;
  const close = (end: number) => {
    if (open && (open.lines > 0 || open.hunk !== null)) {
      const lines = { text: text.slice(open.at, end), oldEnd: oldLine, newEnd: newLine };
      blocks.push(closeBlock(open, lines, blocks.length));
    }
    open = undefined;
  };
  for (let at = from; at < text.length; ) {
    const newlineAt = text.indexOf("\n", at);
    const end = newlineAt === -1 ? text.length : newlineAt;
    const sign = text.charCodeAt(at);
    const hunk = sign === 64 ? HUNK.exec(text.slice(at, end)) : null;
    if (hunk) {
      close(at);
      oldLine = Number(hunk[1]);
      newLine = Number(hunk[2]);
      open = openBlock({ at: end + 1, hunk: text.slice(at, end), oldLine, newLine });
    } else if (open) {
      const isFull = open.lines >= MAX_BLOCK_LINES || (open.lines >= BLOCK_LINES && sign === SPACE);
      if (isFull && sign !== BACKSLASH) {
        close(at);
        open = openBlock({ at, hunk: null, oldLine, newLine });
      }
      if (sign === PLUS) {
        additions += 1;
        newLine += 1;
        open.addedRun += 1;
      } else if (sign === MINUS) {
        // A deleted line after an added one begins another run.
        if (open.addedRun > 0) endRun(open);
        deletions += 1;
        oldLine += 1;
        open.deletedRun += 1;
      } else if (sign === SPACE) {
        endRun(open);
        oldLine += 1;
        newLine += 1;
        open.splitRows += 1;
      }
      if (sign === PLUS || sign === MINUS || sign === SPACE) open.lines += 1;
    }
    at = end + 1;
  }
  close(text.length);
  return { blocks, additions, deletions };
}

type OpenBlock = {
  at: number;
  hunk: string | null;
  oldLine: number;
  newLine: number;
  lines: number;
  splitRows: number;
  deletedRun: number;
  addedRun: number;
};

function openBlock(start: Pick<OpenBlock, "at" | "hunk" | "oldLine" | "newLine">): OpenBlock {
  return { ...start, lines: 0, splitRows: 0, deletedRun: 0, addedRun: 0 };
}

function endRun(block: OpenBlock): void {
  block.splitRows += Math.max(block.deletedRun, block.addedRun);
  block.deletedRun = 0;
  block.addedRun = 0;
}

function closeBlock(
  block: OpenBlock,
  lines: Pick<PatchBlock, "text" | "oldEnd" | "newEnd">,
  index: number,
): PatchBlock {
  endRun(block);
  return {
    key: String(index),
    hunk: block.hunk,
    ...lines,
    oldStart: block.oldLine,
    newStart: block.newLine,
    unifiedRows: block.lines,
    splitRows: block.splitRows,
  };
}
