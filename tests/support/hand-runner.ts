/** A runner moved by hand, through the real transitions and the real hub: for tests of what viewers see of it. */
import type { Sql } from "postgres";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { acquireChats, announceAcquired } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { beginAttempt, commitAnswer, commitResults, finishTurn } from "@/lib/chats/runner-commits";
import type { LivePart, WatchKind } from "@/lib/contract/events";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";
import { newId } from "@/lib/ids";
import type { PubSub } from "@/lib/pubsub";
import type { PartWriter, StreamHub } from "@/lib/streams/hub";
import { insertModelConfig, insertUser } from "./rows";

export type HandRunner = {
  ownerId: string;
  chatId: string;
  /** Takes the chat and begins an episode. */
  acquire(): Promise<void>;
  say(part: LivePart, role?: MessageRole): void;
  commitAnswer(parts: StoredPart[]): Promise<void>;
  commitResults(parts: StoredPart[]): Promise<void>;
  /** The attempt fails; the next one begins. */
  retry(): Promise<void>;
  finish(): Promise<void>;
  fence(): { runnerId: string };
  /** Says that something of the chat changed that is no transition. */
  hint(kind: WatchKind): void;
};

/** Acquisition claims whatever waits; what belongs to other runners is kept for them. */
const claimed = new Map<string, AcquiredRun>();

/** A new chat of a new person. */
export async function createHandRunner(world: { sql: Sql; pubsub: PubSub; hub: StreamHub }): Promise<HandRunner> {
  const { sql, pubsub, hub } = world;
  const writer = { sql, pubsub };
  const ownerId = await insertUser(sql);
  const modelConfigId = await insertModelConfig(sql);
  const { chatId } = await createChat(writer, { ownerId, content: "Fix the failing test", modelConfigId });
  let runnerId = "";
  let parts: PartWriter | undefined;
  const fence = () => ({ runnerId });
  const begin = (historyVersion: number, attempt: number) => {
    parts = hub.openEpisode({ chatId, historyVersion, attempt });
  };
  return {
    ownerId,
    chatId,
    fence,
    hint: (kind) =>
      pubsub.publish({
        type: "chat",
        chatId,
        ownerId,
        rootChatId: null,
        version: 0,
        status: null,
        watch: [kind],
        runnable: false,
      }),
    async acquire() {
      const runs = await acquireChats(writer, { workerId: newId(), limit: 10 });
      for (const run of runs) claimed.set(run.chatId, run);
      const run = claimed.get(chatId);
      if (!run) throw new Error("The chat was not there to be acquired.");
      claimed.delete(chatId);
      runnerId = run.runnerId;
      begin(run.historyVersion, run.generationAttempt);
      announceAcquired(writer, run);
    },
    say: (part, role = part.type === "tool-result" ? "tool" : "assistant") => parts?.append(role, part),
    async commitAnswer(answer) {
      parts?.close();
      const run = await commitAnswer(writer, {
        chatId,
        fence: fence(),
        answer: { parts: answer, modelConfigId, runtimeMs: null, call: null },
      });
      begin(run.historyVersion, run.generationAttempt);
    },
    async commitResults(results) {
      parts?.close();
      const run = await commitResults(writer, { chatId, fence: fence(), parts: results });
      begin(run.historyVersion, run.generationAttempt);
    },
    async retry() {
      parts?.close();
      const run = await beginAttempt(writer, { chatId, fence: fence() });
      begin(run.historyVersion, run.generationAttempt);
    },
    async finish() {
      parts?.close();
      await finishTurn(writer, { chatId, fence: fence() });
    },
  };
}
