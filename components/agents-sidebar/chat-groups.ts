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

/** Rows by section, empty sections left out. Days are the reader's; the past 7 days roll. */
export function groupChats(
  chats: readonly Chat[],
  options: { nowMs: number; timeZone: string },
): { group: Group; chats: Chat[] }[] {
  const groupOf = createGrouping(options);
  const sections = new Map<Group, Chat[]>();
  for (const chat of chats) {
    const group = chat.pinned ? "pinned" : groupOf(chat.updated_at);
    const section = sections.get(group);
    if (section) section.push(chat);
    else sections.set(group, [chat]);
  }
  return GROUPS.flatMap((group) => {
    const section = sections.get(group);
    return section ? [{ group, chats: section }] : [];
  });
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
  return Date.parse(a) - Date.parse(b) || fraction(a) - fraction(b);
}

const fraction = (at: string): number => Number(`0${/\.\d+/.exec(at)?.[0] ?? ""}`);
