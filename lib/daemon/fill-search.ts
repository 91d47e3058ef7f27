/**
 * Keeps full-text search up to date: told by hints which chats moved, and by a slow walk over all chats what hints did
 * not say. Costs a message nothing while it is written.
 */
import { fillSearch, findUnfilled } from "@/db/queries/search-fill";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";

/** The newest message is found after about this long; many commits of a chat are one fill. */
const FILL_MS = 2_000;
/** Chats of one statement. */
const CHATS_PER_FILL = 50;
/** A leg of the walk looks at this many chats, every tenth fill: 100,000 chats are looked at in a quarter of an hour. */
const CHATS_PER_LEG = 2_000;
const FILLS_PER_LEG = 10;

const FIRST_ID = "00000000-0000-0000-0000-000000000000";

type Fill = { writer: ChatWriter; clock: Clock; signal: AbortSignal };

/** Fills until the signal is aborted. Never rejects. The first walk, after a start or an update, goes on without a pause. */
export async function keepFillingSearch({ writer: { sql, pubsub }, clock, signal }: Fill): Promise<void> {
  const due = new Set<string>();
  const unsubscribe = pubsub.subscribe((hint) => {
    if (hint.type === "chat") due.add(hint.chatId);
  });
  let walkedTo: string | null = FIRST_ID;
  for (let round = 0; !signal.aborted; round++) {
    await clock.sleep(FILL_MS, signal).catch(() => {});
    if (signal.aborted) break;
    try {
      if (walkedTo !== null || round % FILLS_PER_LEG === 0) {
        const leg = await findUnfilled(sql, { afterId: walkedTo ?? FIRST_ID, limit: CHATS_PER_LEG });
        walkedTo = leg.lastId;
        for (const id of leg.chatIds) due.add(id);
      }
      while (due.size > 0 && !signal.aborted) await fillSome(sql, due);
    } catch (error) {
      log.warn("search was not filled", { err: error });
    }
  }
  unsubscribe();
}

/** What fails stays due. */
async function fillSome(sql: ChatWriter["sql"], due: Set<string>): Promise<void> {
  const chatIds = [...due].slice(0, CHATS_PER_FILL);
  for (const id of chatIds) due.delete(id);
  try {
    for (const id of await failpoint("search.fill", () => fillSearch(sql, { chatIds }))) due.add(id);
  } catch (error) {
    for (const id of chatIds) due.add(id);
    throw error;
  }
}
