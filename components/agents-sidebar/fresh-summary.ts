import type { Chat } from "@/lib/contract/chats";

/** A summary is written within this time of the end of its turn, or not at all. */
const WAIT_MS = 10_000;

type Summarised = Pick<Chat, "status" | "last_turn_summary">;

/** Whether the chat rests, and the summary that is not shown until `untilMs`: the turn before wrote it. */
export type Rest = { rests: boolean; stale: string | null; untilMs: number };

const isResting = ({ status }: Summarised): boolean => status === "waiting" || status === "completed";

/** Of a chat that is seen for the first time: what it has is believed. */
export const startRest = (chat: Summarised): Rest => ({ rests: isResting(chat), stale: null, untilMs: 0 });

/** From the end of a run its old summary is held back: it would read as if it were new. The same object for no change. */
export function followRest(known: Rest, chat: Summarised, nowMs: number): Rest {
  const rests = isResting(chat);
  if (rests === known.rests) return known;
  return { rests, stale: rests ? chat.last_turn_summary : null, untilMs: nowMs + WAIT_MS };
}

/** Null: none, or an old one. */
export function shownSummary(rest: Rest, chat: Summarised): string | null {
  return chat.last_turn_summary === rest.stale ? null : chat.last_turn_summary;
}
