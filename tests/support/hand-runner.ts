/** A runner moved by hand, through the real transitions and the real hub: for tests of what viewers see of it. */
import type { Sql } from "postgres";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { acquireChats, announceAcquired } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { editMessage } from "@/lib/chats/edit-message";
import { interruptChat } from "@/lib/chats/interrupt";
import {
  beginAttempt,
  commitAnswer,
  commitResults,
  finishInterruption,
  finishTurn,
  reapRun,
} from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import type { LivePart, WatchKind } from "@/lib/contract/events";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";
import type { PubSub } from "@/lib/pubsub";
import type { PartWriter, StreamHub } from "@/lib/streams/hub";
import { insertModelConfig, insertUser, registerWorker } from "./rows";

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
  /** A person stops the turn; it ends with the text that is given. */
  interrupt(text: string): Promise<void>;
  /** A person sends to the idle chat, and the runner takes it. */
  send(content: string): Promise<void>;
  /** A person edits their newest message while the runner is at it, and the runner takes the chat anew. */
  edit(content: string): Promise<void>;
  /** The process of the runner is gone with all it had not told; another one takes the chat. */
  die(successor: ProcessWorld): Promise<void>;
  fence(): { runnerId: string };
  /** Says that the chat moved, as of another process: what moved is not told. */
  hintFromElsewhere(): void;
  /** Says that something of the chat changed that is no transition. */
  hint(kind: WatchKind): void;
};

/** Acquisition claims whatever waits; what belongs to other runners is kept for them. */
const claimed = new Map<string, AcquiredRun>();

export type ProcessWorld = { sql: Sql; pubsub: PubSub; hub: StreamHub };

/** A new chat of a new person. */
export async function createHandRunner(world: ProcessWorld): Promise<HandRunner> {
  const { sql } = world;
  let { pubsub, hub } = world;
  let writer = { sql, pubsub };
  const ownerId = await insertUser(sql);
  const modelConfigId = await insertModelConfig(sql);
  const { chatId } = await createChat(writer, { ownerId, content: "Fix the failing test", modelConfigId });
  let runnerId = "";
  let parts: PartWriter | undefined;
  const fence = () => ({ runnerId });
  let heldVersion = 0;
  const begin = (historyVersion: number, attempt: number) => {
    heldVersion = historyVersion;
    parts = hub.openEpisode({ chatId, historyVersion, attempt });
  };
  const acquire = async () => {
    const runs = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 10 });
    for (const run of runs) claimed.set(run.chatId, run);
    const run = claimed.get(chatId);
    if (!run) throw new Error("The chat was not there to be acquired.");
    claimed.delete(chatId);
    runnerId = run.runnerId;
    begin(run.historyVersion, run.generationAttempt);
    announceAcquired(writer, run);
  };
  return {
    ownerId,
    chatId,
    fence,
    hintFromElsewhere: () =>
      pubsub.publish({
        type: "chat",
        chatId,
        ownerId,
        rootChatId: null,
        version: Number.MAX_SAFE_INTEGER,
        status: null,
        watch: [],
        runnable: false,
      }),
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
    acquire,
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
    async interrupt(text) {
      await interruptChat(writer, { chatId, ownerId });
      parts?.close();
      const answer = { parts: [{ type: "text", text } as const], modelConfigId, runtimeMs: null, call: null };
      await finishInterruption(writer, { chatId, fence: fence(), partial: text ? answer : null, results: [] });
    },
    async send(content) {
      await sendMessage(writer, { chatId, ownerId, content, busyBehavior: "queue" });
      await acquire();
    },
    async edit(content) {
      const [newest] = await sql<{ id: number }[]>`
        SELECT max(id) AS id FROM chat_messages WHERE chat_id = ${chatId} AND role = 'user' AND NOT deleted`;
      await editMessage(writer, { chatId, ownerId, messageId: newest!.id, content });
      parts?.close();
      await acquire();
    },
    async die(successor) {
      ({ pubsub, hub } = successor);
      writer = { sql, pubsub };
      await reapRun(writer, { chatId, fence: { runnerId, historyVersion: heldVersion } });
      await acquire();
    },
  };
}
