"use client";

import { Info } from "lucide-react";
import { memo } from "react";
import { assertNever } from "@/lib/assert-never";
import { FilesChangedCard } from "./files-changed-card";
import { Boundary } from "./parts/boundary";
import { FileView } from "./parts/file-part";
import { ReasoningPart } from "./parts/reasoning-part";
import { Sources } from "./parts/sources";
import { TextPart } from "./parts/text-part";
import { TurnEnd } from "./parts/turn-end";
import { UserMessage } from "./parts/user-message";
import type { LiveToolResult, TimelineRow } from "./timeline-rows";
import type { ChatPhase } from "./tools/tool-call";
import { ReadsRowView, ToolRowView } from "./tools/tool-row";

/** Whether the chat's state matters to the row: a call without a result. */
export function isOpenTool(row: TimelineRow): boolean {
  if (row.kind === "tool") return !row.result;
  return row.kind === "reads" && row.calls.some((call) => !call.result);
}

type RowViewProps = {
  row: TimelineRow;
  live: LiveToolResult | undefined;
  liveResults: ReadonlyMap<string, LiveToolResult>;
  phase: ChatPhase;
  authorName: (userId: string | null) => string;
};

/** Draws one row by its kind. */
export const RowView = memo(function RowView({ row, live, liveResults, phase, authorName }: RowViewProps) {
  switch (row.kind) {
    case "user":
      return <UserMessage row={row} authorName={authorName(row.message.created_by)} />;
    case "text":
      return <TextPart text={row.text} isLive={row.isLive} />;
    case "reasoning":
      return <ReasoningPart text={row.text} isLive={row.isLive} durationMs={row.durationMs} />;
    case "tool":
      return <ToolRowView row={row} live={live} phase={phase} />;
    case "reads":
      return <ReadsRowView calls={row.calls} liveResults={liveResults} phase={phase} />;
    case "sources":
      return <Sources sources={row.sources} />;
    case "boundary":
      return <Boundary row={row} />;
    case "file":
      return <FileView fileId={row.file.file_id} name={row.file.name} mediaType={row.file.media_type} />;
    case "notice":
      return (
        <div role="note" className="flex items-start gap-2 py-1 text-ink-3 text-md">
          <Info aria-hidden className="mt-0.5" />
          <p className="wrap-anywhere whitespace-pre-wrap">{row.text}</p>
        </div>
      );
    case "files-changed":
      return <FilesChangedCard summary={row.summary} />;
    case "turn-end":
      return <TurnEnd row={row} />;
    default:
      return assertNever(row);
  }
});
