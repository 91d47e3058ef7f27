"use client";

import { useMemo } from "react";
import { MINUS } from "@/lib/format";
import type { CodeLine, DiffLine } from "./diff-lines";
import { type CodeToken, findFileLanguage } from "./highlight";
import { CodeRuns } from "./parts/code-block";
import { useHighlight } from "./use-highlight";

/** How the two sides of a change look. */
export const DIFF_LOOKS = {
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
} satisfies Record<CodeLine["kind"], Record<string, string>>;

type DiffTextProps = { line: CodeLine; tokens: CodeToken[] | undefined };

/** A line's code, coloured, with what differs in it. */
export function DiffText({ line, tokens }: DiffTextProps) {
  const runs = tokens ?? [{ text: line.text, className: undefined }];
  if (!line.changed) return <CodeRuns tokens={runs} />;
  const [from, to] = line.changed;
  return (
    <>
      <CodeRuns tokens={sliceTokens(runs, 0, from)} />
      <span className={DIFF_LOOKS[line.kind].word}>
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
export function useDiffTokens(lines: readonly DiffLine[], path: string): (CodeToken[] | undefined)[] | undefined {
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
