"use client";

import clsx from "clsx";
import { type MouseEvent, memo, type ReactNode, useMemo } from "react";
import { DIFF_LOOKS, DiffText, useDiffTokens } from "../../chat/diff-code";
import type { CodeLine } from "../../chat/diff-lines";
import { revealHidden } from "../../chat/hidden-characters";
import type { CodeToken } from "../../chat/highlight";
import type { LineSide } from "../review/review-draft";
import { pairLines, readBlock } from "./block-rows";
import type { DiffMode } from "./diff-items";
import type { PatchBlock } from "./parse-patch";

/** What stands below lines of a file: comments and the one that is being written. */
export type LineNotes = {
  at: (side: LineSide, line: number) => ReactNode;
  /** Lines the open comment is about. */
  isMarked: (side: LineSide, line: number) => boolean;
};

type DiffBlockProps = {
  path: string;
  block: PatchBlock;
  mode: DiffMode;
  /** Absent where nobody can comment. */
  onComment?: (path: string, place: { side: LineSide; line: number; extend: boolean }) => void;
  notes: LineNotes | null;
};

type RowProps = Omit<DiffBlockProps, "mode" | "block">;

/** Lines of a diff that are drawn together. */
export const DiffBlock = memo(function DiffBlock({ block, mode, ...row }: DiffBlockProps) {
  const lines = readBlock(block);
  const tokens = useDiffTokens(lines, row.path);
  const tokensOf = useMemo(() => new Map(lines.map((line, index) => [line, tokens?.[index]])), [lines, tokens]);
  const pairs = useMemo(() => (mode === "split" ? pairLines(lines) : null), [mode, lines]);
  return (
    <div className="font-mono text-code-text text-sm leading-5">
      {block.hunk === null ? null : (
        <div className="truncate bg-diff-hunk-bg px-3 text-ink-3 text-xs leading-5">{revealHidden(block.hunk)}</div>
      )}
      {pairs
        ? pairs.map((pair) => <PairRow key={pairKey(pair)} {...pair} {...row} tokensOf={tokensOf} />)
        : lines.map((line) => <UnifiedRow key={lineKey(line)} {...row} line={line} tokens={tokensOf.get(line)} />)}
    </div>
  );
});

/** A line that the open comment is about. */
const MARK = "shadow-[inset_2px_0_var(--focus)]";

const lineKey = (line: CodeLine | null) => (line ? `${line.oldLine ?? ""}:${line.newLine ?? ""}` : "");
const pairKey = (pair: { left: CodeLine | null; right: CodeLine | null }) =>
  `${lineKey(pair.left)}/${lineKey(pair.right)}`;

/** The side and the number by which a line is spoken of. */
function placeOf(line: CodeLine): { side: LineSide; line: number } {
  return line.newLine === null ? { side: "old", line: line.oldLine ?? 0 } : { side: "new", line: line.newLine };
}

function UnifiedRow({ line, tokens, path, onComment, notes }: RowProps & { line: CodeLine; tokens?: CodeToken[] }) {
  const look = DIFF_LOOKS[line.kind];
  const place = placeOf(line);
  return (
    <>
      <div className={clsx("group/line flex", look.row, isMarked(notes, line) && MARK)}>
        <LineNumbers path={path} place={place} onComment={onComment} className={look.gutter}>
          <span className="w-10 pr-2 max-sm:w-8 max-sm:pr-1">{line.oldLine}</span>
          <span className="w-10 pr-2 max-sm:w-8 max-sm:pr-1">{line.newLine}</span>
        </LineNumbers>
        <Sign line={line} className="w-5" />
        <span className="wrap-anywhere min-w-0 flex-1 whitespace-pre-wrap pr-3">
          <DiffText line={line} tokens={tokens} />
        </span>
      </div>
      {notesAt(notes, line)}
    </>
  );
}

type PairRowProps = RowProps & {
  left: CodeLine | null;
  right: CodeLine | null;
  tokensOf: ReadonlyMap<CodeLine, CodeToken[] | undefined>;
};

function PairRow({ left, right, tokensOf, ...row }: PairRowProps) {
  return (
    <>
      <div className="grid grid-cols-2 text-[11.5px]">
        <PairSide {...row} side="old" line={left} tokens={left ? tokensOf.get(left) : undefined} />
        <PairSide {...row} side="new" line={right} tokens={right ? tokensOf.get(right) : undefined} />
      </div>
      {left && left === right ? notesAt(row.notes, left) : null}
      {left && left !== right ? notesAt(row.notes, left) : null}
      {right && left !== right ? notesAt(row.notes, right) : null}
    </>
  );
}

type PairSideProps = RowProps & { side: LineSide; line: CodeLine | null; tokens: CodeToken[] | undefined };

function PairSide({ side, line, tokens, path, onComment, notes }: PairSideProps) {
  const edge = side === "new" && "border-line border-l";
  if (!line) return <div className={clsx("bg-sunken", edge)} />;
  const look = DIFF_LOOKS[line.kind];
  const number = (side === "old" ? line.oldLine : line.newLine) ?? 0;
  const place = { side, line: number };
  return (
    <div className={clsx("group/line flex min-w-0", look.row, edge, notes?.isMarked(side, number) && MARK)}>
      <LineNumbers path={path} place={place} onComment={onComment} className={look.gutter}>
        <span className="w-9 pr-1.5">{number}</span>
      </LineNumbers>
      <Sign line={line} className="w-4" />
      <span className="wrap-anywhere min-w-0 flex-1 whitespace-pre-wrap pr-2">
        <DiffText line={line} tokens={tokens} />
      </span>
    </div>
  );
}

function Sign({ line, className }: { line: CodeLine; className: string }) {
  return (
    <span
      className={clsx(
        "shrink-0 select-none text-center",
        className,
        line.kind === "added" && "text-diff-add-text",
        line.kind === "deleted" && "text-diff-del-text",
      )}
    >
      {DIFF_LOOKS[line.kind].sign}
    </span>
  );
}

type LineNumbersProps = Pick<RowProps, "path" | "onComment"> & {
  place: { side: LineSide; line: number };
  className: string;
  children: ReactNode;
};

/** Pressed, a comment on the line is begun; with Shift the open one reaches to here. */
function LineNumbers({ path, place, onComment, className, children }: LineNumbersProps) {
  const look = clsx("flex shrink-0 select-none self-stretch text-right text-xs leading-5", className);
  if (!onComment) return <span className={look}>{children}</span>;
  const press = (event: MouseEvent) => onComment(path, { ...place, extend: event.shiftKey });
  return (
    <button
      type="button"
      tabIndex={-1}
      data-diff-line
      title={`Comment on line ${place.line}, ${place.side} side`}
      onClick={press}
      // Not below the file's name, which floats there.
      className={clsx(
        look,
        "focus-ring-inset scroll-mt-10 hover:bg-accent-bg hover:text-accent focus-visible:text-accent",
      )}
    >
      {children}
    </button>
  );
}

function isMarked(notes: LineNotes | null, line: CodeLine): boolean {
  if (!notes) return false;
  return (
    (line.newLine !== null && notes.isMarked("new", line.newLine)) ||
    (line.oldLine !== null && notes.isMarked("old", line.oldLine))
  );
}

function notesAt(notes: LineNotes | null, line: CodeLine): ReactNode {
  if (!notes) return null;
  return (
    <>
      {line.oldLine === null ? null : notes.at("old", line.oldLine)}
      {line.newLine === null ? null : notes.at("new", line.newLine)}
    </>
  );
}
