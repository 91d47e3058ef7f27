"use client";

import { useTimeZone } from "@/components/ui/now";
import { formatExactTime } from "@/lib/format";

/** The time of day of an event, `10:41`; the exact time is its title. */
export function ClockTime({ at }: { at: string }) {
  const timeZone = useTimeZone();
  const text = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(new Date(at));
  return (
    <time dateTime={at} title={formatExactTime(at, timeZone)} className="tabular-nums">
      {text}
    </time>
  );
}
