import { expect, test } from "vitest";
import { editMessage } from "@/lib/chats/edit-message";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [
        /wrong command/,
        byStep([reply.toolCalls([{ name: "execute", args: { command: "held" } }]), reply.text("Done.")]),
      ],
      [/wrong story/, reply.text("one two three four five six seven eight nine ten", { delayMs: 60 })],
    ],
    reply.text("Right."),
  ),
  runTool: () => new Promise(() => {}),
});
await slipway.start();
const { sql, ownerId } = slipway;

async function edit(chatId: string, text: string) {
  const [first] = await slipway.rowsOf(chatId);
  return editMessage(slipway.writer, { chatId, ownerId, messageId: first!.id, content: text });
}
const runningCall = (chatId: string) =>
  waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");

test("an edit while a command runs takes the work back, stops the command and runs from the new text", async () => {
  const { chatId } = await slipway.create("wrong command");
  await runningCall(chatId);
  await slipway.send(chatId, "queued");
  const { deleted_message_ids: deleted, message } = await edit(chatId, "the right thing");
  expect(deleted).toHaveLength(2);
  expect(message.created_by).toBe(ownerId);
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant"]);
  expect(rows[1]?.content[0].text).toBe("Right.");
  await waitFor(() => slipway.workspaces.cancelled.some((id) => id.startsWith(chatId)), "the command is stopped");
  expect(await sql`SELECT FROM chat_queued_messages WHERE chat_id = ${chatId}`).toHaveLength(0);
});

test("an edit while the model writes keeps none of the partial answer, and counts what it cost", async () => {
  const { chatId } = await slipway.create("wrong story");
  await waitFor(() => slipway.model.openReplies() > 0, "the model writes");
  await edit(chatId, "the right thing");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.content[0].text)).toEqual(["the right thing", "Right."]);
  const kinds = () => sql`SELECT kind FROM model_calls WHERE chat_id = ${chatId} ORDER BY kind`;
  await waitFor(async () => (await kinds()).length === 2, "the fenced runner recorded its call");
  expect((await kinds()).map(({ kind }) => kind)).toEqual(["step", "attempt"]);
});

test("an edit of a finished chat counts the cost of what was taken back", async () => {
  const { chatId } = await slipway.create("hello");
  await slipway.until(chatId, "waiting");
  await edit(chatId, "hello again");
  await slipway.until(chatId, "waiting");
  const [cost] =
    await sql`SELECT count(*)::int AS calls, sum(cost_micros)::int AS micros FROM model_calls WHERE chat_id = ${chatId}`;
  expect(cost).toEqual({ calls: 2, micros: 1200 });
});
