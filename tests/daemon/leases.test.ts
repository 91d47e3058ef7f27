import { expect, test } from "vitest";
import { createChat } from "@/lib/chats/create-chat";
import { editMessage } from "@/lib/chats/edit-message";
import { interruptChat } from "@/lib/chats/interrupt";
import { interruptedResult } from "@/lib/contract/interrupted-call";
import type { StoredPart } from "@/lib/contract/messages";
import { newId } from "@/lib/ids";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { insertMessage } from "../support/rows";

let release = () => {};
const held = new Promise<void>((resolve) => {
  release = resolve;
});

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/silent/, reply.hang()],
      [/hold/, byStep([reply.toolCalls([{ name: "execute", args: { command: "held" } }]), reply.text("After.")])],
    ],
    reply.text("Hello."),
  ),
  runTool: async () => {
    await held;
    return { result: { output: "once", exit_code: 0 }, is_error: false };
  },
});
const { sql } = slipway;

type Left = { status: string; crashCount?: number; call?: string };

/** A chat as a worker left it that died an hour ago, with a command running in the workspace if `call` names one. */
async function abandoned(content: string, state: Left): Promise<string> {
  const quiet = { sql, pubsub: { ...slipway.pubsub, publish: () => {} } };
  const { chatId } = await createChat(quiet, {
    ownerId: slipway.ownerId,
    content,
    modelConfigId: slipway.modelConfigId,
  });
  const isOwned = state.status !== "pending";
  const workerId = newId();
  if (isOwned)
    await sql`INSERT INTO workers (id, install_id, boot_id, version, lock_key, heartbeat_at)
    VALUES (${workerId}, ${newId()}, ${newId()}, 'old', 1, now() - interval '1 hour')`;
  await sql`UPDATE chats SET status = ${state.status} WHERE id = ${chatId}`;
  await sql`UPDATE chat_runs SET runnable_since = NULL,
    worker_id = ${isOwned ? workerId : null}, runner_id = ${isOwned ? newId() : null},
    generation_attempt = 1, crash_count = ${state.crashCount ?? 1} WHERE chat_id = ${chatId}`;
  if (state.call) {
    await sql`UPDATE chats SET workspace_id = ${slipway.workspaceId} WHERE id = ${chatId}`;
    const call = { type: "tool-call", tool_call_id: state.call, tool_name: "execute", args: { command: "sleep 999" } };
    await insertMessage(sql, { chatId, role: "assistant", parts: [call] as StoredPart[] });
  }
  return chatId;
}

const running = await abandoned("hello", { status: "running" });
const interrupting = await abandoned("hello", { status: "interrupting" });
const stopped = await abandoned("hello", { status: "interrupting", call: "call-1" });
const halfDone = await abandoned("hello", { status: "interrupting", call: "call-1" });
await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
  VALUES (${halfDone}, 1, 0, 1, ${JSON.stringify([["tool", { type: "tool-result", tool_call_id: "call-1", tool_name: "execute", result: { output: "seen" }, is_error: false }]])}::jsonb)`;
const poisoned = await abandoned("hello", { status: "running", crashCount: 3 });
await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
  VALUES (${interrupting}, 1, 1, 1, ${JSON.stringify([["assistant", { type: "text", delta: "Half an ans" }]])}::jsonb)`;
await slipway.start();

test("a running chat whose worker died goes on at another", async () => {
  await slipway.until(running, "waiting");
  expect((await slipway.rowsOf(running)).map((row) => row.role)).toEqual(["user", "assistant"]);
});

test("a chat that was being stopped when its worker died ends with what was written so far", async () => {
  await slipway.until(interrupting, "waiting");
  const rows = await slipway.rowsOf(interrupting);
  expect(rows.map((row) => row.content[0].text)).toEqual(["hello", "Half an ans"]);
});

test("a stop before the next worker has said anything keeps what its dead predecessor had", async () => {
  const chatId = await abandoned("silent", { status: "running" });
  await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
    VALUES (${chatId}, 1, 1, 1, ${JSON.stringify([["assistant", { type: "text", delta: "Half an ans" }]])}::jsonb)`;
  await waitFor(() => slipway.model.requests.some(({ prompt }) => prompt === "silent"), "the model is asked again");
  await interruptChat(slipway.writer, { chatId, ownerId: slipway.ownerId });
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.content[0].text)).toEqual(["silent", "Half an ans"]);
});

test("a command that ran when the worker of a stopped chat died is cancelled in the workspace", async () => {
  await slipway.until(stopped, "waiting");
  expect((await slipway.rowsOf(stopped)).at(-1)).toMatchObject({
    role: "tool",
    content: [{ tool_call_id: "call-1", is_error: true }],
  });
  await waitFor(() => slipway.workspaces.cancelled.includes(`${stopped}/call-1`), "the command is cancelled");
});

test("a stop before anybody took over keeps what the dead worker had said, and cancels what it had running", async () => {
  const half = await abandoned("hello", { status: "pending" });
  await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
    VALUES (${half}, 1, 1, 1, ${JSON.stringify([["assistant", { type: "text", delta: "Half an ans" }]])}::jsonb)`;
  await interruptChat(slipway.writer, { chatId: half, ownerId: slipway.ownerId });
  expect((await slipway.rowsOf(half)).map((row) => row.content[0].text)).toEqual(["hello", "Half an ans"]);

  const calling = await abandoned("hello", { status: "pending", call: "call-1" });
  await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
    VALUES (${calling}, 1, 0, 1, ${JSON.stringify([["tool", { type: "tool-result", tool_call_id: "call-1", tool_name: "execute", result_delta: "1 of 2" }]])}::jsonb)`;
  await interruptChat(slipway.writer, { chatId: calling, ownerId: slipway.ownerId });
  expect((await slipway.rowsOf(calling)).at(-1)).toMatchObject({
    role: "tool",
    content: [{ is_error: true, result: interruptedResult("1 of 2") }],
  });
  await waitFor(() => slipway.workspaces.cancelled.includes(`${calling}/call-1`), "the command is cancelled");

  const edited = await abandoned("hello", { status: "pending", call: "call-1" });
  const [first] = await slipway.rowsOf(edited);
  await editMessage(slipway.writer, {
    chatId: edited,
    ownerId: slipway.ownerId,
    messageId: first!.id,
    content: "hello again",
  });
  await waitFor(() => slipway.workspaces.cancelled.includes(`${edited}/call-1`), "the command is cancelled");
});

test("a result that was seen before the worker of a stopped chat died is kept as the call's result", async () => {
  await slipway.until(halfDone, "waiting");
  const rows = await slipway.rowsOf(halfDone);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool"]);
  expect(rows.at(-1)?.content).toEqual([
    { type: "tool-result", tool_call_id: "call-1", tool_name: "execute", result: { output: "seen" }, is_error: false },
  ]);
});

test("a chat that killed its worker three times is not tried a fourth time", async () => {
  await slipway.until(poisoned, "error");
  expect((await slipway.chatOf(poisoned))?.last_error).toMatchObject({ kind: "quarantined", retryable: false });
});

test("the rows of dead workers are gone", async () => {
  const old = await sql`SELECT id FROM workers WHERE version = 'old'`;
  expect(old).toHaveLength(0);
});

test("a worker that was taken for dead stops what it ran and registers anew; the command does not run twice", async () => {
  const { chatId } = await slipway.create("hold");
  await waitFor(() => slipway.workspaces.ran.some((call) => call.chatId === chatId), "the command runs");
  const before = await slipway.chatOf(chatId);
  await sql`DELETE FROM workers`;
  await waitFor(async () => {
    const now = await slipway.chatOf(chatId);
    return now?.runner_id !== null && now?.runner_id !== before?.runner_id;
  }, "another runner has the chat");
  release();
  await slipway.until(chatId, "waiting");
  expect(slipway.workspaces.ran.filter((call) => call.chatId === chatId)).toHaveLength(1);
  expect((await sql`SELECT count(*)::int AS n FROM workers`)[0]?.n).toBe(1);
});

test("a chat that was claimed by a statement whose answer was lost goes on at the same worker", async () => {
  const chatId = await abandoned("hello", { status: "running" });
  await sql`UPDATE chat_runs SET worker_id = (SELECT id FROM workers WHERE version = 'test') WHERE chat_id = ${chatId}`;
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant"]);
});
