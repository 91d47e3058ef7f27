"use client";

import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { memo, useMemo } from "react";
import { ScrollBox } from "@/components/ui/scroll-box";
import { formatCount, MINUS } from "@/lib/format";
import { DIFF_LOOKS, DiffText, useDiffTokens } from "../diff-code";
import { type DiffLine, parseDiffLines } from "../diff-lines";
import { revealHidden } from "../hidden-characters";
import type { CodeToken } from "../highlight";
import { useKeptOpen } from "../use-kept-open";
import { ToolFootRow } from "./tool-card";

/** Lines drawn before the rest is asked for. */
const SHOWN_LINES = 40;

/** One file's unified diff: two gutters, a sign, the line. The sign repeats what colour says. */
export const UnifiedDiff = memo(function UnifiedDiff({ diff, path }: { diff: string; path: string }) {
  const [isWhole = false, setWhole] = useKeptOpen(`diff/${path}`);
  const lines = useMemo(() => withoutFirstHunk(parseDiffLines(revealHidden(diff))), [diff]);
  const tokens = useDiffTokens(lines, path);
  const shown = isWhole ? lines : lines.slice(0, SHOWN_LINES);
  const hidden = lines.length - shown.length;
  if (lines.length === 0) return null;
  return (
    <>
      <ScrollBox label={`Changes in ${path}`} className="overflow-x-auto border-line border-t">
        <div className="w-max min-w-full font-mono text-code-text text-sm leading-5">
          {shown.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
            <DiffRow key={index} line={line} tokens={tokens?.[index]} />
          ))}
        </div>
      </ScrollBox>
      {hidden > 0 ? (
        <ToolFootRow>
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="-mx-1 inline-flex items-center gap-1.5 rounded-xs px-1 hover:text-ink"
          >
            <ChevronRight aria-hidden className="size-3.5" />
            {formatCount(hidden)} more {hidden === 1 ? "line" : "lines"}
          </button>
        </ToolFootRow>
      ) : null}
    </>
  );
});

function DiffRow({ line, tokens }: { line: DiffLine; tokens: CodeToken[] | undefined }) {
  if (line.kind === "hunk") {
    return <div className="bg-diff-hunk-bg px-3 text-ink-3 text-xs leading-5">{line.text}</div>;
  }
  const look = DIFF_LOOKS[line.kind];
  const gutter = clsx("w-10 shrink-0 select-none pr-2.5 text-right text-xs leading-5", look.gutter);
  return (
    <div className={clsx("flex whitespace-pre", look.row)}>
      <span className={gutter}>{line.oldLine}</span>
      <span className={gutter}>{line.newLine}</span>
      <span
        className={clsx(
          "w-5 shrink-0 select-none text-center",
          line.kind === "added" && "text-diff-add-text",
          line.kind === "deleted" && "text-diff-del-text",
        )}
      >
        {look.sign}
      </span>
      <span className="min-h-5 pr-3">
        <DiffText line={line} tokens={tokens} />
      </span>
    </div>
  );
}

/** The line numbers already say where the first hunk begins. */
const withoutFirstHunk = (lines: DiffLine[]) => (lines[0]?.kind === "hunk" ? lines.slice(1) : lines);

/** `+14 −3`. */
export function DiffCount({ additions, deletions }: { additions: number; deletions: number }) {
  return (
    <span className="whitespace-nowrap tabular-nums">
      <span className="text-diff-add-text">+{formatCount(additions)}</span>{" "}
      <span className="text-diff-del-text">
        {MINUS}
        {formatCount(deletions)}
      </span>
    </span>
  );
}
