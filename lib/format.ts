/**
 * Numbers, money, sizes and times as people read them. Pure: the time, the zone and the number come from the caller, so
 * that server and browser print the same text.
 */
import { dateFormat } from "./date-formats";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** U+2212: as wide as a plus, unlike the hyphen. */
export const MINUS = "\u2212";

/** How long ago, in one unit: `now`, `5m`, `3h`, `2d`, from 30 days `4w`, from a year `1y`. The future is `now`. */
export function formatRelativeTime(at: string, nowMs: number): string {
  const agoMs = nowMs - Date.parse(at);
  if (!(agoMs >= MINUTE_MS)) return "now";
  if (agoMs < HOUR_MS) return `${Math.floor(agoMs / MINUTE_MS)}m`;
  if (agoMs < DAY_MS) return `${Math.floor(agoMs / HOUR_MS)}h`;
  const days = Math.floor(agoMs / DAY_MS);
  if (days < 30) return `${days}d`;
  return days < 365 ? `${Math.floor(days / 7)}w` : `${Math.floor(days / 365)}y`;
}

/** `Mon 23 Nov 2026, 14:05:09` in the zone given; UTC is written when it is UTC. */
export function formatExactTime(at: string, timeZone: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  const parts = dateFormat("en-GB", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? "";
  const day = `${part("weekday")} ${part("day")} ${part("month")} ${part("year")}`;
  const time = `${part("hour")}:${part("minute")}:${part("second")}`;
  return `${day}, ${time}${timeZone === "UTC" ? " UTC" : ""}`;
}

/** `23 Nov 2026` in the zone given. */
export function formatDate(at: string, timeZone: string): string {
  return dateFormat("en-GB", { timeZone, day: "numeric", month: "short", year: "numeric" }).format(new Date(at));
}

/** `14:05` in the zone given. */
export function formatClockTime(at: string, timeZone: string): string {
  return dateFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** Whether the platform knows this IANA zone name; what a cookie says is not trusted. */
export function isTimeZone(name: string): boolean {
  try {
    dateFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const grouped = new Intl.NumberFormat("en-US");
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const hundredthsOfCents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 4, maximumFractionDigits: 4 });

/** `12,345`. */
export const formatCount = (count: number): string => signed(count, grouped.format(Math.abs(count)));

/** What four decimals would round to zero. */
const SMALLEST_SHOWN_MICROS = 50;

/** Micro-dollars as dollars: 2 decimals, 4 when 0 < x < 0.01. Null is `Unpriced`; neither it nor a trace reads as zero. */
export function formatMoney(costMicros: number | null): string {
  if (costMicros === null) return "Unpriced";
  if (costMicros > 0 && costMicros < SMALLEST_SHOWN_MICROS) return "<$0.0001";
  const dollars = Math.abs(costMicros) / 1_000_000;
  const format = dollars > 0 && dollars < 0.01 ? hundredthsOfCents : cents;
  return signed(costMicros, `$${format.format(dollars)}`);
}

/** Micro-dollars to the last digit: `$1,234.567890`. */
export function formatExactMoney(costMicros: number | null): string {
  if (costMicros === null) return "Unpriced";
  const micros = Math.abs(costMicros);
  const fraction = String(micros % 1_000_000).padStart(6, "0");
  return signed(costMicros, `$${grouped.format(Math.floor(micros / 1_000_000))}.${fraction}`);
}

/** As `en-GB` has them; by hand, since a chart names a hundred days. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

/** `11 Nov` of a day such as `2026-11-11`; with its year on request. */
export function formatDay(day: string, { withYear = false } = {}): string {
  const [year, month, date] = day.split("-");
  return `${Number(date)} ${MONTHS[Number(month) - 1]}${withYear ? ` ${year}` : ""}`;
}

/** `24 Oct – 22 Nov 2026`; both years when they differ, one day alone when they are the same. */
export function formatDayRange(first: string, last: string): string {
  if (first === last) return formatDay(first, { withYear: true });
  return `${formatDay(first, { withYear: first.slice(0, 4) !== last.slice(0, 4) })} – ${formatDay(last, { withYear: true })}`;
}

/** A share of 0 to 1 as a whole percent. Null is an en dash. */
export const formatShare = (share: number | null): string => (share === null ? "–" : `${Math.round(share * 100)}%`);

/** `9,999`, from 10,000 `612K`, from a million `4.2M`, from a billion `1.72B`. Null is an en dash. */
export function formatTokens(tokens: number | null): string {
  if (tokens === null) return "–";
  if (tokens < 10_000) return formatCount(tokens);
  // 999,500 would round to 1000K.
  if (tokens < 999_500) return `${Math.round(tokens / 1_000)}K`;
  if (tokens < 999_950_000) return `${(tokens / 1_000_000).toFixed(1)}M`;
  return `${(tokens / 1_000_000_000).toFixed(2)}B`;
}

/** A context limit: `200K`, `1M`, `1.05M`; whole units lose their decimals. */
export function formatTokenLimit(tokens: number): string {
  if (tokens < 1_000) return String(tokens);
  if (tokens < 1_000_000) return `${trimZeros((tokens / 1_000).toFixed(1))}K`;
  return `${trimZeros((tokens / 1_000_000).toFixed(2))}M`;
}

/** `0.4 s`, `12.4 s`, from a minute `3 min 12 s`, from an hour `2 h 5 min`. */
export function formatDuration(durationMs: number): string {
  const tenths = Math.round(Math.max(0, durationMs) / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(durationMs / 1_000);
  if (seconds < 3_600) {
    const rest = seconds % 60;
    return `${Math.floor(seconds / 60)} min${rest ? ` ${rest} s` : ""}`;
  }
  const minutes = Math.floor((seconds % 3_600) / 60);
  return `${Math.floor(seconds / 3_600)} h${minutes ? ` ${minutes} min` : ""}`;
}

/** A running clock: `0:48`, `12:05`, `1:02:03`. */
export function formatClock(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `512 B`, `48 KB`, `1.4 MB`, in powers of 1,024. */
export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1_024) return `${sizeBytes} B`;
  const units = ["KB", "MB", "GB", "TB"] as const;
  let value = sizeBytes / 1_024;
  let unit = 0;
  while (value >= 1_023.5 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${value < 10 && unit > 0 ? trimZeros(value.toFixed(1)) : Math.round(value)} ${units[unit]}`;
}

/** A price as typed, with two decimals at least: `3` → `3.00`, `0.125` stays. Null is `n/a`. */
export function formatPrice(price: string | null): string {
  if (price === null) return "n/a";
  const [whole = "0", fraction = ""] = price.split(".");
  return `${whole}.${fraction.padEnd(2, "0")}`;
}

/** `1 file`, `2 files`. */
export const formatPlural = (count: number, one: string, many = `${one}s`): string =>
  `${formatCount(count)} ${count === 1 ? one : many}`;

const signed = (value: number, text: string): string => (value < 0 ? `${MINUS}${text}` : text);

const trimZeros = (text: string): string => text.replace(/\.?0+$/, "");
