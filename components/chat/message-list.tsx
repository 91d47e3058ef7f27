"use client";

import { ArrowDown, FileStack, Info } from "lucide-react";
import { memo, type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { assertNever } from "@/lib/assert-never";
import { FilesChangedCard } from "./files-changed-card";
import { Markdown } from "./parts/markdown";
import { ReasoningPart } from "./parts/reasoning-part";
import { Sources } from "./parts/sources";
import { TextPart } from "./parts/text-part";
import { UserMessage } from "./parts/user-message";
import { SCROLL_ROW, useScrollFollow } from "./scroll";
import type { LiveToolResult, TimelineRow } from "./timeline";
import { ReadsRowView, ToolRowView } from "./tools/tool-row";
import { WorkLine } from "./work-line";

type MessageListProps = {
  rows: readonly TimelineRow[];
  liveResults: ReadonlyMap<string, LiveToolResult>;
  isChatActive: boolean;
  hasMore: boolean;
  /** Changes when a page of older rows has arrived or has failed. */
  olderKey: string;
  onLoadOlder: () => void;
  /** Above the rows, for the state of older history. */
  head: ReactNode;
  /** Below the rows: the live row and callouts. */
  foot: ReactNode;
  authorName: (userId: string | null) => string;
  /** Changes when the person has sent something: the list goes to its end. */
  sentCount: number;
};

/** How far above the window older rows are fetched. */
const OLDER_MARGIN = "600px";
/** Rows at the end that are always laid out: they are what opens first. */
const EAGER_ROWS = 30;

/** The transcript: follows its end until a person scrolls up, and holds what they read. */
export function MessageList(props: MessageListProps) {
  const { rows, hasMore, olderKey, onLoadOlder, sentCount } = props;
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { mode, jumpToLatest } = useScrollFollow({ scroller, content });
  useEffect(() => {
    if (sentCount > 0) jumpToLatest();
  }, [sentCount, jumpToLatest]);
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
        aria-label="Conversation"
        className="focus-ring-inset flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain px-6 [overflow-anchor:none] max-sm:px-4"
      >
        {/* The lower margin takes what is left, so that a short chat begins at the top. */}
        <div ref={content} className="mx-auto mb-auto flex w-full max-w-(--chat) flex-col gap-2 pt-4 pb-3">
          {hasMore ? <OlderSentinel key={olderKey} scroller={scroller} onReach={onLoadOlder} /> : null}
          {props.head}
          {rows.map((row, index) => (
            <div
              key={row.key}
              {...SCROLL_ROW}
              className={index < rows.length - EAGER_ROWS ? "timeline-row" : undefined}
            >
              <RowView
                row={row}
                live={row.kind === "tool" ? props.liveResults.get(row.toolCallId) : undefined}
                liveResults={row.kind === "reads" ? props.liveResults : NO_RESULTS}
                isChatActive={isOpenTool(row) && props.isChatActive}
                authorName={props.authorName}
              />
            </div>
          ))}
          {props.foot}
        </div>
      </section>
      {mode === "detached" ? (
        <div className="pointer-events-none absolute inset-x-0 bottom-3 flex justify-center">
          <IconButton
            icon={ArrowDown}
            label="Jump to latest"
            variant="default"
            tooltipSide="top"
            onClick={jumpToLatest}
            className="pointer-events-auto animate-appear rounded-full! shadow-pop"
          />
        </div>
      ) : null}
    </div>
  );
}

const NO_RESULTS: ReadonlyMap<string, LiveToolResult> = new Map();

/** Whether the chat's state matters to the row: a call without a result. */
function isOpenTool(row: TimelineRow): boolean {
  if (row.kind === "tool") return !row.result;
  return row.kind === "reads" && row.calls.some((call) => !call.result);
}

type RowViewProps = {
  row: TimelineRow;
  live: LiveToolResult | undefined;
  liveResults: ReadonlyMap<string, LiveToolResult>;
  isChatActive: boolean;
  authorName: (userId: string | null) => string;
};

const RowView = memo(function RowView({ row, live, liveResults, isChatActive, authorName }: RowViewProps) {
  switch (row.kind) {
    case "user":
      return (
        <UserMessage
          message={row.message}
          texts={row.texts}
          references={row.references}
          authorName={authorName(row.message.created_by)}
        />
      );
    case "text":
      return <TextPart text={row.text} isLive={row.isLive} />;
    case "reasoning":
      return <ReasoningPart text={row.text} isLive={row.isLive} durationMs={row.durationMs} />;
    case "tool":
      return <ToolRowView row={row} live={live} isChatActive={isChatActive} />;
    case "reads":
      return <ReadsRowView calls={row.calls} liveResults={liveResults} isChatActive={isChatActive} />;
    case "sources":
      return <Sources sources={row.sources} />;
    case "summary":
      return (
        <WorkLine icon={FileStack} verb="Summarised" object="what was said before">
          <div className="mb-1 ml-[7px] border-line-2 border-l pl-4">
            <Markdown text={row.text} isQuiet />
          </div>
        </WorkLine>
      );
    case "notice":
      return (
        <div role="note" className="flex items-start gap-2 py-1 text-ink-3 text-md">
          <Info aria-hidden className="mt-0.5" />
          <p className="wrap-anywhere whitespace-pre-wrap">{row.text}</p>
        </div>
      );
    case "files-changed":
      return <FilesChangedCard summary={row.summary} />;
    default:
      return assertNever(row);
  }
});

/** Asks for older rows when the beginning comes near. Made anew after each answer, since a page may be short. */
function OlderSentinel(props: { scroller: React.RefObject<HTMLElement | null>; onReach: () => void }) {
  const { scroller, onReach } = props;
  const sentinel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const target = sentinel.current;
    if (!target) return;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && onReach(), {
      root: scroller.current,
      rootMargin: `${OLDER_MARGIN} 0px 0px 0px`,
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [scroller, onReach]);
  return <div ref={sentinel} className="h-px" />;
}
