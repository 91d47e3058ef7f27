"use client";

import clsx from "clsx";
import { Archive } from "lucide-react";
import { useEffect, useRef } from "react";
import { RelativeTime } from "../ui/relative-time";
import { ChatIcon, chatIconLook } from "./chat-icon";
import type { SearchResult } from "./use-search";

type ResultRowProps = {
  id: string;
  result: SearchResult;
  isActive: boolean;
  onPoint: () => void;
  onPick: () => void;
};

/** An agent that was found, with the words around what matched. */
export function ResultRow({ id, result, isActive, onPoint, onPick }: ResultRowProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) row.current?.scrollIntoView({ block: "nearest" });
  }, [isActive]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
    // biome-ignore lint/a11y/useFocusableInteractive: the input points at it
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={isActive}
      onPointerMove={onPoint}
      onClick={onPick}
      className={clsx(
        "grid min-h-11 cursor-pointer grid-cols-[16px_minmax(0,1fr)_auto] items-center gap-x-2 rounded-sm px-2 py-1.25",
        isActive && "bg-hover",
      )}
    >
      <span className="flex items-center">
        <ChatIcon look={chatIconLook(result.chat)} />
      </span>
      <span className="min-w-0">
        <span className="block truncate text-ink text-md">
          <bdi>{result.chat.title}</bdi>
        </span>
        {result.snippet ? (
          <span className="block truncate text-ink-3 text-sm">
            <Highlighted text={result.snippet} ranges={result.highlights} />
          </span>
        ) : null}
      </span>
      <span className="flex items-center gap-2 text-ink-3 text-sm tabular-nums">
        {result.chat.archived ? (
          <>
            <Archive aria-hidden className="size-3.5" />
            <span className="hidden-text">Archived</span>
          </>
        ) : null}
        <RelativeTime at={result.chat.updated_at} />
      </span>
    </div>
  );
}

function Highlighted({ text, ranges }: { text: string; ranges: readonly { start: number; end: number }[] }) {
  let at = 0;
  const pieces = ranges.map(({ start, end }) => {
    const before = text.slice(at, start);
    at = end;
    return (
      <span key={start}>
        {before}
        <mark className="bg-transparent font-medium text-ink">{text.slice(start, end)}</mark>
      </span>
    );
  });
  return (
    <bdi>
      {pieces}
      {text.slice(at)}
    </bdi>
  );
}
