"use client";

import { FileText } from "lucide-react";
import { memo } from "react";
import { ScrollBox } from "@/components/ui/scroll-box";
import { formatPlural } from "@/lib/format";
import { revealHidden } from "../hidden-characters";
import { findFileLanguage } from "../highlight";
import { CodeRuns } from "../parts/code-block";
import { baseName, fieldsOf, readErrorText, readFileSlice, textOf } from "../tool-data";
import { useHighlight } from "../use-highlight";
import { WorkLine } from "../work-line";
import type { ToolCall } from "./tool-call";

/** Consecutive reads as one line; opened, each file with what was read of it. */
export function ReadFilesTool({ calls }: { calls: readonly ToolCall[] }) {
  const paths = calls.map((call) => textOf(fieldsOf(call.args).path) ?? readFileSlice(call.result)?.path ?? "");
  const names = [...new Set(paths.filter(Boolean).map(baseName))];
  const isRunning = calls.some((call) => call.state === "running");
  const failed = calls.filter((call) => call.state === "failed").length;
  const count = new Set(paths).size;
  return (
    <WorkLine
      icon={FileText}
      verb={`${isRunning ? "Reading" : "Read"} ${count === 1 ? "" : `${count} files`}`.trim()}
      object={names.join(", ")}
      meta={
        failed > 0 ? (
          <span className="text-danger">{failed === calls.length ? "failed" : `${failed} failed`}</span>
        ) : null
      }
    >
      <div className="my-1 ml-6 flex flex-col gap-2">
        {calls.map((call, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: calls only ever join at the end
          <FileRead key={index} call={call} path={paths[index] ?? ""} />
        ))}
      </div>
    </WorkLine>
  );
}

const FileRead = memo(function FileRead({ call, path }: { call: ToolCall; path: string }) {
  const slice = readFileSlice(call.result);
  const range = slice && slice.endLine > 0 ? `${slice.startLine}–${slice.endLine} of ${slice.totalLines}` : "";
  return (
    <div className="overflow-hidden rounded-md border border-line">
      <div className="flex min-h-7 items-center gap-2 px-3 text-sm">
        <code className="min-w-0 truncate text-ink-2">{path}</code>
        <span className="ml-auto shrink-0 text-ink-3 tabular-nums">{range}</span>
      </div>
      {call.state === "failed" ? (
        <p className="wrap-anywhere border-line border-t bg-sunken px-3 py-2 text-danger text-md">
          {readErrorText(call.result)}
        </p>
      ) : null}
      {call.state === "done" && slice?.content ? (
        <FileLines content={slice.content} startLine={slice.startLine} path={path} />
      ) : null}
    </div>
  );
});

/** More is not read in a card; the file itself is in the workspace. */
const MAX_LINES = 2_000;

function FileLines({ content, startLine, path }: { content: string; startLine: number; path: string }) {
  const all = revealHidden(content).replace(/\n$/, "").split("\n");
  const lines = all.slice(0, MAX_LINES);
  const coloured = useHighlight(lines.join("\n"), findFileLanguage(path));
  return (
    <ScrollBox label={`Content of ${path}`} className="max-h-64 overflow-auto border-line border-t bg-sunken py-1.5">
      <pre className="w-max min-w-full font-mono text-code-text text-sm leading-5">
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other identity
          <div key={index} className="flex">
            <span className="sticky left-0 w-10 shrink-0 select-none bg-sunken pr-2.5 text-right text-ink-3 text-xs leading-5">
              {startLine + index}
            </span>
            <span className="min-h-5 pr-3">{coloured?.[index] ? <CodeRuns tokens={coloured[index]} /> : line}</span>
          </div>
        ))}
      </pre>
      {all.length > lines.length ? (
        <p className="px-3 py-1 text-ink-3 text-sm">{formatPlural(all.length - lines.length, "line")} not shown</p>
      ) : null}
    </ScrollBox>
  );
}
