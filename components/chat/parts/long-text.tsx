"use client";

import { useState } from "react";
import { formatBytes } from "@/lib/format";

/** A person reads no more of one message at a time, and laying out a megabyte of one line stops the page. */
const SHOWN_CHARS = 20_000;

/** Plain text of any length: its beginning, and the rest on demand in pieces. */
export function LongText({ text, className }: { text: string; className: string }) {
  const [shown, setShown] = useState(SHOWN_CHARS);
  const rest = text.length - shown;
  return (
    <div className={className}>
      {rest > 0 ? text.slice(0, shown) : text}
      {rest > 0 ? (
        <button
          type="button"
          onClick={() => setShown(shown + SHOWN_CHARS)}
          className="mt-1 block rounded-xs text-accent text-md hover:underline"
        >
          Show more, {formatBytes(rest)} left
        </button>
      ) : null}
    </div>
  );
}
