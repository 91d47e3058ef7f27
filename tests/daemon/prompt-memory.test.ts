/** A prompt that was read before: only what is newer is read, and whatever happened since, it is the stored one. */
import { expect, test } from "vitest";
import { type KnownPrompt, readPrompt } from "@/db/queries/chat-history";
import { clearChat } from "@/lib/chats/clear";
import { compactChat } from "@/lib/chats/compact";
import { editMessage } from "@/lib/chats/edit-message";
import { rewindChat, undoRewind } from "@/lib/chats/rewind";
import { sendMessage } from "@/lib/chats/send-message";
import { undoCompact } from "@/lib/chats/undo-compact";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import type { ModelServerRequest } from "../support/model-request";

const slipway = await createTestDaemon({
  script: ({ messages }: ModelServerRequest) =>
    reply.text(/Write the summary/.test(messages.at(-1)?.text ?? "") ? "What was said." : `Answer ${messages.length}.`),
});
await slipway.start();
const { sql, writer, ownerId } = slipway;

const { chatId } = await slipway.create("first");
const known: KnownPrompt[] = [];

const person = () => ({ chatId, ownerId });
const rowIds = async () => (await slipway.rowsOf(chatId)).map(({ id }) => Number(id));
const send = async (content: string) => {
  await sendMessage(writer, { ...person(), content, busyBehavior: "queue" });
  await slipway.until(chatId, "waiting");
};
const toBegin = async () => ({ ...person(), workspaceId: null, messageId: (await rowIds())[1]! });

/** What a person may do to a conversation, one after the other. */
const DEEDS: [string, () => Promise<unknown>][] = [
  ["the first answer", () => slipway.until(chatId, "waiting")],
  ["a message and its answer", () => send("second")],
  ["the context cleared", () => clearChat(writer, person())],
  ["a message after it", () => send("third")],
  ["the clearing undone", () => undoCompact(writer, person())],
  ["a message after that", () => send("fourth")],
  ["a compaction by hand", () => compactChat(writer, person()).then(() => slipway.until(chatId, "waiting"))],
  ["a message behind the summary", () => send("fifth")],
  ["the compaction undone", () => undoCompact(writer, person())],
  ["a rewind", async () => rewindChat(writer, await toBegin())],
  ["the rewind undone", () => undoRewind(writer, { ...person(), workspaceId: null })],
  ["a message after both", () => send("sixth")],
  [
    "an edit of the first message",
    async () => {
      await editMessage(writer, { ...person(), messageId: (await rowIds())[0]!, content: "first, otherwise" });
      await slipway.until(chatId, "waiting");
    },
  ],
];

test.each(DEEDS)("after %s every prompt that was known before leads to the stored one", async (_, deed) => {
  const [run] = await sql`SELECT reset_version FROM chat_runs WHERE chat_id = ${chatId}`;
  known.push({ rows: (await readPrompt(sql, { chatId })).rows, resetVersion: Number(run!.reset_version) });
  await deed();
  const whole = await readPrompt(sql, { chatId });
  for (const before of known) expect(await readPrompt(sql, { chatId, known: before })).toEqual(whole);
});

test("what the model is told after all of this is the stored prompt", async () => {
  await send("last");
  const asked = slipway.model.requests.at(-1);
  expect(asked?.messages.map(({ text }) => text)).toEqual(["first, otherwise", "Answer 1.", "last"]);
});

test("a turn reads no row again that the turn before had read", async () => {
  const [first] = await rowIds();
  const changed = JSON.stringify([{ type: "text", text: "changed behind its back" }]);
  await sql`UPDATE chat_messages SET content = ${changed}::text::jsonb WHERE chat_id = ${chatId} AND id = ${first!}`;
  await send("after that");
  expect(slipway.model.requests.at(-1)?.messages[0]?.text).toBe("first, otherwise");
});
