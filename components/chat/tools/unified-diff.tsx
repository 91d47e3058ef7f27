"use client";

import clsx from "clsx";
import { ChevronRight } from "lucide-react";
import { memo, useMemo, useState } from "react";
import { ScrollBox } from "@/components/ui/scroll-box";
import { formatCount, MINUS } from "@/lib/format";
import { type DiffLine, parseDiffLines } from "../diff-lines";
import { revealHidden } from "../hidden-characters";
import { type CodeToken, findFileLanguage } from "../highlight";
import { CodeRuns } from "../parts/code-block";
import { useHighlight } from "../use-highlight";
import { ToolFootRow } from "./tool-card";

/** Lines drawn before the rest is asked for. */
const SHOWN_LINES = 40;

/** One file's unified diff: two gutters, a sign, the line. The sign repeats what colour says. */
export const UnifiedDiff = memo(function UnifiedDiff({ diff, path }: { diff: string; path: string }) {
  const [isWhole, setWhole] = useState(false);
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

const LOOKS = {
  context: { row: "", gutter: "text-ink-3", sign: "", word: "" },
  added: {
    row: "bg-diff-add-bg",
    gutter: "bg-diff-add-gutter text-diff-add-text",
    sign: "+",
    word: "rounded-[2px] bg-diff-add-word",
  },
  deleted: {
    row: "bg-diff-del-bg",
    gutter: "bg-diff-del-gutter text-diff-del-text",
    sign: MINUS,
    word: "rounded-[2px] bg-diff-del-word",
  },
};

function DiffRow({ line, tokens }: { line: DiffLine; tokens: CodeToken[] | undefined }) {
  if (line.kind === "hunk") {
    return <div className="bg-diff-hunk-bg px-3 text-ink-3 text-xs leading-5">{line.text}</div>;
  }
  const look = LOOKS[line.kind];
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
        <DiffText line={line} tokens={tokens} wordClass={look.word} />
      </span>
    </div>
  );
}

type CodeLine = Exclude<DiffLine, { kind: "hunk" }>;

function DiffText({ line, tokens, wordClass }: { line: CodeLine; tokens: CodeToken[] | undefined; wordClass: string }) {
  const runs = tokens ?? [{ text: line.text, className: undefined }];
  if (!line.changed) return <CodeRuns tokens={runs} />;
  const [from, to] = line.changed;
  return (
    <>
      <CodeRuns tokens={sliceTokens(runs, 0, from)} />
      <span className={wordClass}>
        <CodeRuns tokens={sliceTokens(runs, from, to)} />
      </span>
      <CodeRuns tokens={sliceTokens(runs, to, line.text.length)} />
    </>
  );
}

function sliceTokens(tokens: readonly CodeToken[], from: number, to: number): CodeToken[] {
  let offset = 0;
  return tokens.flatMap((token) => {
    const start = Math.max(0, from - offset);
    const end = Math.max(0, to - offset);
    offset += token.text.length;
    const text = token.text.slice(start, end);
    return text === "" ? [] : [{ ...token, text }];
  });
}

/** The old and the new side are coloured each as a whole, so that strings and comments over lines come out right. */
function useDiffTokens(lines: readonly DiffLine[], path: string): (CodeToken[] | undefined)[] | undefined {
  const language = findFileLanguage(path);
  const sides = useMemo(() => ({ before: sideText(lines, "added"), after: sideText(lines, "deleted") }), [lines]);
  const before = useHighlight(sides.before, language);
  const after = useHighlight(sides.after, language);
  return useMemo(() => {
    if (!before || !after) return undefined;
    let oldIndex = 0;
    let newIndex = 0;
    return lines.map((line) => {
      if (line.kind === "hunk") return undefined;
      const tokens = line.kind === "deleted" ? before[oldIndex] : after[newIndex];
      if (line.kind !== "added") oldIndex += 1;
      if (line.kind !== "deleted") newIndex += 1;
      return tokens;
    });
  }, [lines, before, after]);
}

function sideText(lines: readonly DiffLine[], without: "added" | "deleted"): string {
  return lines.flatMap((line) => (line.kind === "hunk" || line.kind === without ? [] : [line.text])).join("\n");
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
