"use client";

import { ArrowDown } from "lucide-react";
import { type ReactNode, type RefObject, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { ChunkView, NO_RESULTS } from "./chunk-view";
import { type Chunk, findAnchorKey, findFirstScreen, splitChunks } from "./chunks";
import { NearProvider, useNearObserver } from "./near-observer";
import { isOpenTool } from "./row-view";
import { useScrollFollow } from "./scroll";
import type { LiveToolResult, TimelineRow } from "./timeline-rows";
import type { ChatPhase } from "./tools/tool-call";
import { OpenMemoryProvider } from "./use-kept-open";

/** A row to bring into view; a new object each time, so that the same row can be asked for again. */
export type WantedRow = { key: string; block: "center" | "start" };

type MessageListProps = {
  rows: readonly TimelineRow[];
  liveResults: ReadonlyMap<string, LiveToolResult>;
  phase: ChatPhase;
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
  wanted: WantedRow | undefined;
  /** The key of the row that is being edited. */
  editedKey: string | undefined;
};

/** How far above the window older rows are fetched. */
const OLDER_MARGIN = "600px";
/** Chunks at the end that are there at once: where new rows join. */
const EAGER_CHUNKS = 2;

/** The transcript: follows its end until a person scrolls up, and holds what they read. */
export function MessageList(props: MessageListProps) {
  const { rows, hasMore, olderKey, onLoadOlder, sentCount, wanted, editedKey } = props;
  const scroller = useRef<HTMLElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const { mode, jumpToLatest, showRow } = useScrollFollow({ scroller, content });
  const near = useNearObserver(scroller);
  const chunks = useChunks(rows);
  const isFirst = useIsFirstRender();
  const windowPx = useWindowHeight();
  const firstDrawn = isFirst ? findFirstScreen(chunks, windowPx) : chunks.length - EAGER_CHUNKS;
  useEffect(() => {
    if (sentCount > 0) jumpToLatest();
  }, [sentCount, jumpToLatest]);
  useEffect(() => {
    if (wanted) showRow(wanted);
  }, [wanted, showRow]);
  const editedChunk = editedKey === undefined ? -1 : chunks.findIndex((chunk) => hasRow(chunk, editedKey));
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
        aria-label="Conversation"
        className="focus-ring-inset flex min-h-0 flex-1 flex-col-reverse overflow-y-auto overscroll-contain px-6 [overflow-anchor:none] max-sm:px-4"
      >
        {/* The lower margin takes what is left, so that a short chat begins at the top, or below the find bar. */}
        <div
          ref={content}
          className="mx-auto mb-auto flex w-full max-w-(--chat) flex-col gap-2 pt-4 pb-3 [search~*_&]:pt-16"
        >
          {hasMore ? <OlderSentinel key={olderKey} scroller={scroller} onReach={onLoadOlder} /> : null}
          {props.head}
          <OpenMemoryProvider>
            <NearProvider value={near}>
              {chunks.map((chunk, index) => {
                const hasOpen = chunk.rows.some(isOpenTool);
                return (
                  <ChunkView
                    key={chunk.id}
                    chunk={chunk}
                    startsDrawn={index >= firstDrawn}
                    isWanted={hasOpen || index === editedChunk || (wanted !== undefined && hasRow(chunk, wanted.key))}
                    isLast={index === chunks.length - 1}
                    isDimmed={editedChunk >= 0 && index > editedChunk}
                    phase={hasOpen ? props.phase : "idle"}
                    liveResults={hasOpen ? props.liveResults : NO_RESULTS}
                    authorName={props.authorName}
                  />
                );
              })}
            </NearProvider>
          </OpenMemoryProvider>
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

const hasRow = (chunk: Chunk, key: string): boolean => chunk.rows.some((row) => row.key === key);

/** Chunks of the rows, counted from the same row for as long as it is there. */
function useChunks(rows: readonly TimelineRow[]): Chunk[] {
  const [anchorKey, setAnchorKey] = useState(() => findAnchorKey(rows));
  const isThere = rows.some((row) => row.key === anchorKey);
  const anchor = isThere ? anchorKey : findAnchorKey(rows);
  if (anchor !== anchorKey) setAnchorKey(anchor);
  return splitChunks(rows, anchor);
}

/** For the server, which does not know it: rows are mostly higher than they count, so this fills a large window. */
const UNKNOWN_PX = 1_200;
const neverChanges = () => () => {};

/** What the window had when the list was drawn. */
const useWindowHeight = (): number =>
  useSyncExternalStore(
    neverChanges,
    () => window.innerHeight,
    () => UNKNOWN_PX,
  );

function useIsFirstRender(): boolean {
  const [isFirst, setFirst] = useState(true);
  useEffect(() => setFirst(false), []);
  return isFirst;
}

/** Asks for older rows when the beginning comes near. Made anew after each answer, since a page may be short. */
function OlderSentinel(props: { scroller: RefObject<HTMLElement | null>; onReach: () => void }) {
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
