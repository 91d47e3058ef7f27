"use client";

import { ChevronDown, ChevronRight } from "lucide-react";
import { memo, useEffect, useRef } from "react";
import { ScrollBox } from "@/components/ui/scroll-box";
import { formatCount } from "@/lib/format";
import { parseAnsiLine } from "../ansi";
import { revealHidden } from "../hidden-characters";
import { useKeptOpen } from "../use-kept-open";
import { ToolFootRow } from "./tool-card";

/** Lines shown before the rest is asked for. */
const SHOWN_LINES = 12;
/** Lines drawn at most; the file has the rest. */
const MAX_LINES = 2_000;

type TerminalOutputProps = {
  output: string;
  /** Follows the end. */
  isLive?: boolean;
  /** Where the whole output is, when it was cut. */
  outputFile?: string;
};

/** What a command printed: the last lines, the rest on demand. */
export const TerminalOutput = memo(function TerminalOutput(props: TerminalOutputProps) {
  const { output, isLive = false, outputFile } = props;
  const [isWhole = false, setWhole] = useKeptOpen("output");
  const lines = splitLines(output);
  const kept = isWhole ? lines.slice(-MAX_LINES) : lines.slice(-SHOWN_LINES);
  const hidden = lines.length - kept.length;
  const isCut = outputFile !== undefined;
  return (
    <>
      <OutputLines lines={kept} isLive={isLive} />
      {hidden > 0 && !isWhole ? (
        <ToolFootRow>
          <button
            type="button"
            onClick={() => setWhole(true)}
            className="-mx-1 inline-flex items-center gap-1.5 rounded-xs px-1 hover:text-ink"
          >
            <ChevronRight aria-hidden className="size-3.5" />
            {formatCount(hidden)} more {hidden === 1 ? "line" : "lines"} above
          </button>
        </ToolFootRow>
      ) : null}
      {isWhole ? (
        <ToolFootRow>
          <button
            type="button"
            onClick={() => setWhole(false)}
            className="-mx-1 inline-flex items-center gap-1.5 rounded-xs px-1 hover:text-ink"
          >
            <ChevronDown aria-hidden className="size-3.5" />
            Show the last {SHOWN_LINES} lines only
          </button>
        </ToolFootRow>
      ) : null}
      {isCut ? (
        <ToolFootRow>
          <span className="min-w-0 truncate">
            The whole output is in <code className="text-ink-2">{outputFile}</code>
          </span>
        </ToolFootRow>
      ) : null}
    </>
  );
});

function OutputLines({ lines, isLive }: { lines: readonly string[]; isLive: boolean }) {
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines are what moves the end
  useEffect(() => {
    if (isLive && scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
  }, [isLive, lines]);
  return (
    <ScrollBox
      ref={scroller}
      label="Output"
      className="max-h-96 overflow-auto border-line border-t bg-sunken px-3 py-2"
    >
      <pre className="w-max min-w-full font-mono text-code-text text-sm leading-(--leading-code)">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
          <OutputLine key={index} line={line} />
        ))}
      </pre>
    </ScrollBox>
  );
}

const OutputLine = memo(function OutputLine({ line }: { line: string }) {
  return (
    <div className="min-h-(--leading-code)">
      {parseAnsiLine(revealHidden(line)).map((run, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: runs have no other identity
        <span key={index} className={run.className}>
          {run.text}
        </span>
      ))}
    </div>
  );
});

function splitLines(output: string): string[] {
  const text = output.replace(/\n+$/, "");
  return text === "" ? [] : text.split("\n");
}
