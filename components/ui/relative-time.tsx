"use client";

import { formatExactTime, formatRelativeTime } from "@/lib/format";
import { useNowPart, useTimeZone } from "./now";

/** How long ago, as `5m`; the exact time is its title. Ticks by itself, so that its parent does not render. */
export function RelativeTime({ at, className }: { at: string; className?: string }) {
  const text = useNowPart((nowMs) => formatRelativeTime(at, nowMs));
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatExactTime(at, timeZone)} className={className}>
      {text}
    </time>
  );
}
