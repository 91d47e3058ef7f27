import type { Chat } from "@/lib/contract/chats";

export const GROUPS = ["pinned", "today", "yesterday", "past_week", "older"] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_LABELS = {
  pinned: "Pinned",
  today: "Today",
  yesterday: "Yesterday",
  past_week: "Past 7 days",
  older: "Older",
} satisfies Record<Group, string>;

const DAY_MS = 24 * 60 * 60 * 1000;

export type Section = { group: Group; chats: readonly Chat[] };

/** Sorted rows by section, empty sections left out. Days are the reader's; the past 7 days roll. */
export function groupChats(chats: readonly Chat[], options: { nowMs: number; timeZone: string }): Section[] {
  const pinnedCount = firstIndex(chats, 0, (chat) => !chat.pinned);
  const sections: Section[] = [{ group: "pinned", chats: chats.slice(0, pinnedCount) }];
  const groupOf = createGrouping(options);
  let start = pinnedCount;
  for (const group of GROUPS.slice(1)) {
    // Times only fall from here on: a section ends where a later one begins, and no row between is looked at.
    const end = firstIndex(chats, start, (chat) => GROUPS.indexOf(groupOf(chat.updated_at)) > GROUPS.indexOf(group));
    sections.push({ group, chats: chats.slice(start, end) });
    start = end;
  }
  return sections.filter((section) => section.chats.length > 0);
}

/** Where the condition begins to hold, by halves; the length when it never does. */
function firstIndex<T>(items: readonly T[], from: number, holds: (item: T) => boolean): number {
  let low = from;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as T)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function createGrouping({ nowMs, timeZone }: { nowMs: number; timeZone: string }): (at: string) => Group {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  const dayOf = (ms: number) => Date.parse(`${format.format(ms)}T00:00:00Z`);
  const today = dayOf(nowMs);
  return (at) => {
    const ms = Date.parse(at);
    const day = dayOf(ms);
    if (day >= today) return "today";
    if (day === today - DAY_MS) return "yesterday";
    return ms >= nowMs - 7 * DAY_MS ? "past_week" : "older";
  };
}

/** Pinned by their order, then the newest first; ties by id, as the server sorts. */
export function compareChats(a: Chat, b: Chat): number {
  if (a.pinned !== b.pinned) return a.pinned ? -1 : 1;
  if (a.pinned && a.pin_order !== b.pin_order) return a.pin_order - b.pin_order;
  return compareTimes(b.updated_at, a.updated_at) || (a.id < b.id ? 1 : -1);
}

/** Orders two RFC 3339 times to the microsecond, which `Date` does not keep. */
export function compareTimes(a: string, b: string): number {
  // As the server writes them: text order is time order, and a list of thousands sorts at every event.
  if (a.length === b.length && a.endsWith("Z") && b.endsWith("Z")) return a < b ? -1 : a > b ? 1 : 0;
  return Date.parse(a) - Date.parse(b) || fraction(a) - fraction(b);
}

const fraction = (at: string): number => Number(`0${/\.\d+/.exec(at)?.[0] ?? ""}`);
