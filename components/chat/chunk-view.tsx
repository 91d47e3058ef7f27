"use client";

import clsx from "clsx";
import { memo, startTransition, useEffect, useRef, useState } from "react";
import { type Chunk, isSameChunk } from "./chunks";
import { useNear } from "./near-observer";
import { isOpenTool, RowView } from "./row-view";
import { SCROLL_ROW } from "./scroll";
import type { LiveToolResult } from "./timeline-rows";
import type { ChatPhase } from "./tools/tool-call";
import { RowMemoryProvider } from "./use-kept-open";

type ChunkViewProps = {
  chunk: Chunk;
  /** Drawn from the beginning; others wait until they come near. */
  startsDrawn: boolean;
  /** Drawn wherever it is: a row in it is being looked for, edited or answered. */
  isWanted: boolean;
  isLast: boolean;
  /** After a message that is being edited: this will be taken back. */
  isDimmed: boolean;
  phase: ChatPhase;
  liveResults: ReadonlyMap<string, LiveToolResult>;
  authorName: (userId: string | null) => string;
};

/** Until it was measured once. */
const GUESSED_ROW_PX = 90;

/** Some rows of the transcript. Far away they are one empty box as high as they were. */
export const ChunkView = memo(function ChunkView(props: ChunkViewProps) {
  const { chunk, isWanted } = props;
  const near = useNear();
  const box = useRef<HTMLDivElement>(null);
  const [isDrawn, setDrawn] = useState(props.startsDrawn);
  const [heightPx, setHeight] = useState(chunk.rows.length * GUESSED_ROW_PX);
  const wasNear = useRef(props.startsDrawn);
  useEffect(() => {
    if (!box.current || !near) return;
    return near.observe(box.current, (isNear, measuredPx) => {
      const leaves = wasNear.current && !isNear;
      wasNear.current = isNear;
      // In slices: drawing what is not seen yet must not hold up a scroll.
      startTransition(() => {
        if (leaves) setHeight(measuredPx);
        setDrawn(isNear);
      });
    });
  }, [near]);
  const isShown = isDrawn || isWanted;
  return (
    <div
      ref={box}
      inert={props.isDimmed}
      data-last-chunk={props.isLast ? "" : undefined}
      style={isShown ? undefined : { height: heightPx }}
      className={clsx("flex flex-col gap-2", props.isDimmed && "opacity-40")}
    >
      {isShown
        ? chunk.rows.map((row) => (
            <div key={row.key} data-row={row.key} data-row-kind={row.kind} {...SCROLL_ROW} className="timeline-row">
              <RowMemoryProvider rowKey={row.key}>
                <RowView
                  row={row}
                  live={row.kind === "tool" ? props.liveResults.get(row.toolCallId) : undefined}
                  liveResults={row.kind === "reads" ? props.liveResults : NO_RESULTS}
                  phase={isOpenTool(row) ? props.phase : "idle"}
                  authorName={props.authorName}
                />
              </RowMemoryProvider>
            </div>
          ))
        : null}
    </div>
  );
}, isSame);

export const NO_RESULTS: ReadonlyMap<string, LiveToolResult> = new Map();

function isSame(a: ChunkViewProps, b: ChunkViewProps): boolean {
  return (
    isSameChunk(a.chunk, b.chunk) &&
    a.isWanted === b.isWanted &&
    a.isLast === b.isLast &&
    a.isDimmed === b.isDimmed &&
    a.phase === b.phase &&
    a.liveResults === b.liveResults &&
    a.authorName === b.authorName
  );
}
