"use client";

import { useTimeZone } from "@/components/ui/now";
import { formatClockTime, formatExactTime } from "@/lib/format";

/** The time of day of an event, `10:41`; the exact time is its title. */
export function ClockTime({ at }: { at: string }) {
  const timeZone = useTimeZone();
  return (
    <time dateTime={at} title={formatExactTime(at, timeZone)} className="tabular-nums">
      {formatClockTime(at, timeZone)}
    </time>
  );
}
