/**
 * Titles and turn summaries, beside the turns of this process: detached, a few at a time, harmless when they fail and
 * gone when the process dies. Nothing waits for one, and none writes over anything newer.
 */
import type { HistoryRow } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { findFinishedTurn, updateGeneratedTitle, updateTurnSummary } from "@/db/queries/chat-titles";
import { bookkeepingHint } from "@/lib/chats/bookkeeping-hint";
import { partsText } from "@/lib/contract/parts-text";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import type { AsideContext } from "@/lib/models/aside";
import { generateTitle } from "@/lib/models/title";
import { summariseTurn } from "@/lib/models/turn-summary";
import type { TurnParts } from "./run-context";

export type Asides = {
  /** Names a chat that has nothing but its first message and the fallback title. */
  name(run: AcquiredRun, rows: readonly HistoryRow[]): void;
  /** Sums up the turn that has just ended, unless the chat goes on at once. */
  summarise(run: AcquiredRun): void;
  /** The chat runs again: what was about to be summed up is old. */
  forget(chatId: string): void;
  /** Stops what is under way. */
  stop(): Promise<void>;
};

/** A chat that goes on within this time is not summed up: nobody would see it. */
const PAUSE_MS = 1_500;
/** Models asked at once; what comes while they are busy stays without. */
const MAX_AT_ONCE = 16;

type AsideParts = Pick<TurnParts, "writer" | "db" | "env" | "secrets" | "clock">;

export function createAsides({ writer, db, env, secrets, clock }: AsideParts): Asides {
  const { sql, pubsub } = writer;
  const context: AsideContext = { sql, db, secrets, env };
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const waiting = new Map<string, AbortController>();

  function start(what: string, run: AcquiredRun, work: () => Promise<void>): void {
    if (stopping.signal.aborted || running.size >= MAX_AT_ONCE) return;
    const done = work()
      .catch((err) => log.warn("aside failed", { what, chatId: run.chatId, err }))
      .finally(() => running.delete(done));
    running.add(done);
  }

  const ownerOf = ({ chatId, ownerId, rootChatId }: AcquiredRun) => ({
    chatId,
    ownerId,
    rootChatId: rootChatId ?? chatId,
  });
  const tell = ({ chatId, ownerId, rootChatId }: AcquiredRun, kind: "title_change" | "summary_change") =>
    pubsub.publish(bookkeepingHint({ chatId, ownerId, rootChatId, watch: [kind] }));

  async function nameChat(run: AcquiredRun, first: string): Promise<void> {
    const texts = { first, lately: [] };
    const ask = { owner: ownerOf(run), modelConfigId: run.lastModelConfigId, texts, signal: stopping.signal };
    const made = await failpoint("aside.title", () => generateTitle(context, ask));
    if ("reason" in made) return log.info("chat not named", { chatId: run.chatId, reason: made.reason });
    const over = { title: run.title, source: "fallback" as const };
    const write = () => updateGeneratedTitle(sql, { chatId: run.chatId, title: made.title, over });
    if (await failpoint("aside.name", write)) tell(run, "title_change");
  }

  async function sumUp(run: AcquiredRun): Promise<void> {
    const { chatId } = run;
    const turn = await findFinishedTurn(sql, { chatId });
    if (!turn) return;
    const { question, answer, modelConfigId, historyVersion } = turn;
    const ask = { owner: ownerOf(run), modelConfigId, question, answer, signal: stopping.signal };
    const { summary, reason } = await failpoint("aside.summary", () => summariseTurn(context, ask));
    if (reason) log.info("turn not summed up by a model", { chatId, reason });
    if (!summary) return;
    const write = () => updateTurnSummary(sql, { chatId, summary, historyVersion });
    if (await failpoint("aside.sum-up", write)) tell(run, "summary_change");
  }

  return {
    name(run, rows) {
      const [first, ...others] = rows;
      const isNew = first?.role === "user" && others.length === 0;
      if (!isNew || run.titleSource !== "fallback" || run.parentChatId !== null) return;
      const text = partsText(first.parts).trim();
      if (text !== "") start("title", run, () => nameChat(run, text));
    },

    summarise(run) {
      if (stopping.signal.aborted) return;
      const pause = new AbortController();
      waiting.get(run.chatId)?.abort("superseded");
      waiting.set(run.chatId, pause);
      void clock.sleep(PAUSE_MS, pause.signal).then(
        () => {
          waiting.delete(run.chatId);
          start("summary", run, () => sumUp(run));
        },
        () => {},
      );
    },

    forget(chatId) {
      // With a reason of its own no error is made for nobody.
      waiting.get(chatId)?.abort("superseded");
      waiting.delete(chatId);
    },

    async stop() {
      stopping.abort("shutdown");
      for (const pause of waiting.values()) pause.abort();
      waiting.clear();
      await Promise.all(running);
    },
  };
}
