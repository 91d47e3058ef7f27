/** Compaction, told from outside: by itself, by hand, refused, stopped and killed. Nothing is lost, nothing doubled. */
import { expect, test } from "vitest";
import { readPrompt } from "@/db/queries/chat-history";
import { clearChat } from "@/lib/chats/clear";
import { compactChat } from "@/lib/chats/compact";
import { interruptChat } from "@/lib/chats/interrupt";
import { undoCompact } from "@/lib/chats/undo-compact";
import { partsText } from "@/lib/contract/parts-text";
import { newId } from "@/lib/ids";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import type { ModelServerRequest } from "../support/model-request";
import { byStep } from "../support/model-script";

const FULL = { input: 150_000, output: 20 };
const isSummaryRequest = ({ messages }: ModelServerRequest) => /Write the summary/.test(messages.at(-1)?.text ?? "");
const goalOf = ({ messages }: ModelServerRequest) => messages[0]?.text ?? "";
const exec = (command: string) => ({ name: "execute", args: { command } });

let releaseSummary: (() => void) | undefined;
/** The summary that is held is written. */
const letGo = () => {
  releaseSummary?.();
  releaseSummary = undefined;
};
let failSummaries = false;
const bigUsage = (goal: string) => (/full/.test(goal) ? FULL : undefined);

const slipway = await createTestDaemon({
  script: (request) => {
    const goal = goalOf(request);
    if (isSummaryRequest(request)) {
      if (failSummaries) return reply.error(401, "authentication_error", "invalid x-api-key");
      if (/held/.test(goal)) {
        return async () => {
          await new Promise<void>((resolve) => {
            releaseSummary = resolve;
          });
          return reply.text(`Summary of: ${goal.slice(0, 40)}`);
        };
      }
      return reply.text("SUMMARY-CANARY: half of it is done.", { usage: { input: 1_000, output: 100 } });
    }
    if (/overflow/.test(goal) && request.messages.length > 2 && !/<summary>/.test(goal)) {
      return reply.error(400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum");
    }
    if (/<summary>/.test(goal)) return reply.text("Went on.");
    const usage = bigUsage(goal);
    return byStep([
      reply.toolCalls([exec("first")], { ...(usage && { usage }) }),
      reply.text("Done.", { ...(usage && { usage }) }),
    ]);
  },
});
await slipway.start();
const { sql, writer, ownerId } = slipway;
const person = (chatId: string) => ({ chatId, ownerId });

const boundariesOf = (chatId: string) =>
  sql`SELECT * FROM chat_messages WHERE chat_id = ${chatId} AND compressed AND visibility = 'model' AND NOT deleted ORDER BY id`;
const promptOf = async (chatId: string) => {
  const { rows } = await readPrompt(sql, { chatId });
  return rows.map(({ role, parts }) => `${role}: ${partsText(parts as { type: "text"; text: string }[]).slice(0, 30)}`);
};

test("a full context is replaced between steps by a summary that people can read, and the turn goes on", async () => {
  const { chatId } = await slipway.create("full task");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => [row.role, row.visibility, row.compressed])).toEqual([
    ["user", "both", false],
    ["assistant", "both", false],
    ["tool", "both", false],
    ["user", "model", true],
    ["assistant", "user", true],
    ["tool", "both", true],
    ["assistant", "both", false],
  ]);
  const [summary, call, result] = rows.slice(3);
  expect(summary?.content[0].text).toContain("SUMMARY-CANARY");
  expect(summary?.content[0].text).toContain("<task>\nfull task\n</task>");
  expect(summary?.created_by).toBeNull();
  expect(call?.content[0]).toMatchObject({ type: "tool-call", tool_name: "chat_summarized" });
  expect(result?.content[0]).toMatchObject({
    type: "tool-result",
    tool_call_id: call?.content[0].tool_call_id,
    is_error: false,
    result: {
      summary: "SUMMARY-CANARY: half of it is done.",
      source: "automatic",
      threshold_percent: 70,
      usage_percent: 75,
      context_tokens: expect.any(Number),
      context_limit_tokens: 200_000,
    },
  });
  const calls = await sql`SELECT kind, message_id, cost_micros FROM model_calls WHERE chat_id = ${chatId} ORDER BY id`;
  expect(calls.map((row) => row.kind).filter((kind) => kind !== "title" && kind !== "summary")).toEqual([
    "step",
    "compaction",
    "step",
  ]);
  expect(calls.find((row) => row.kind === "compaction")).toMatchObject({ message_id: null, cost_micros: 4_500 });
});

test("after it the model reads the summary and what came later, nothing else", async () => {
  const { chatId } = await slipway.create("full again");
  await slipway.until(chatId, "waiting");
  await slipway.send(chatId, "one more");
  await slipway.until(chatId, "waiting");
  const request = slipway.model.requests.findLast(({ prompt }) => prompt === "one more");
  expect(request?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "user"]);
  expect(request?.messages[0]?.text).toContain("SUMMARY-CANARY");
});

test("by hand it makes no turn, keeps the whole history listed, and is refused when there is nothing to do", async () => {
  const { chatId } = await slipway.create("small");
  await slipway.until(chatId, "waiting");
  const steps = slipway.model.requests.filter((request) => !isSummaryRequest(request)).length;
  await compactChat(writer, person(chatId));
  expect(["pending", "running", "waiting"]).toContain((await slipway.chatOf(chatId))?.status);
  await waitFor(async () => (await boundariesOf(chatId)).length === 1, "the summary is there");
  await slipway.until(chatId, "waiting");
  expect(
    slipway.model.requests.filter((request) => !isSummaryRequest(request) && request.tools.length > 0),
  ).toHaveLength(steps);
  expect((await slipway.rowsOf(chatId)).slice(0, 4).map((row) => row.role)).toEqual([
    "user",
    "assistant",
    "tool",
    "assistant",
  ]);
  expect(await promptOf(chatId)).toEqual([expect.stringContaining("user: [Summary")]);
  await expect(compactChat(writer, person(chatId))).rejects.toMatchObject({ code: "conflict" });
  await expect(compactChat(writer, { chatId, ownerId: slipway.workspaceId })).rejects.toMatchObject({
    code: "not_found",
  });
});

test("a message that waits while it is compacted by hand is answered afterwards", async () => {
  const { chatId } = await slipway.create("held by hand");
  await slipway.until(chatId, "waiting");
  await compactChat(writer, person(chatId));
  await waitFor(() => releaseSummary !== undefined, "the summary is asked for");
  await slipway.send(chatId, "and then?");
  letGo();
  await waitFor(async () => (await slipway.rowsOf(chatId)).at(-1)?.content[0]?.text === "Went on.", "it is answered");
  expect(await boundariesOf(chatId)).toHaveLength(1);
});

test("a prompt that the provider refuses as too long is compacted instead of killing the chat", async () => {
  const { chatId } = await slipway.create("overflow please");
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).at(-1)?.content[0].text).toBe("Went on.");
  expect(await boundariesOf(chatId)).toHaveLength(1);
});

test("a message that nobody answered is read again after the summary, by reference and once", async () => {
  const { chatId } = await slipway.create("small unanswered");
  await slipway.until(chatId, "waiting");
  await sql`UPDATE chats SET status = 'error' WHERE id = ${chatId}`;
  const [row] = await sql`INSERT INTO chat_messages (chat_id, role, content, content_version, created_by)
    VALUES (${chatId}, 'user', '[{"type":"text","text":"the last wish"}]', 1, ${ownerId}) RETURNING id`;
  await compactChat(writer, person(chatId));
  await waitFor(async () => (await boundariesOf(chatId)).length === 1, "the summary is there");
  await slipway.until(chatId, "waiting");
  const [boundary] = await boundariesOf(chatId);
  expect(boundary?.replayed_message_ids.map(Number)).toEqual([Number(row?.id)]);
  expect(boundary?.content[0].text).not.toContain("the last wish");
  expect(await promptOf(chatId)).toEqual([expect.stringContaining("user: [Summary"), "user: the last wish"]);
});

test("stopped while the summary is written, the chat is idle with its history and without a boundary", async () => {
  const { chatId } = await slipway.create("held and stopped");
  await slipway.until(chatId, "waiting");
  const before = await slipway.rowsOf(chatId);
  await compactChat(writer, person(chatId));
  await waitFor(() => releaseSummary !== undefined, "the summary is asked for");
  await interruptChat(writer, person(chatId));
  await slipway.until(chatId, "waiting");
  letGo();
  expect((await slipway.rowsOf(chatId)).map((row) => row.id)).toEqual(before.map((row) => row.id));
  const [run] = await sql`SELECT request FROM chat_runs WHERE chat_id = ${chatId}`;
  expect(run?.request).toBeNull();
});

test("a summary that cannot be had ends in an error, with the history as it was, and the chat goes on", async () => {
  const { chatId } = await slipway.create("small failing");
  await slipway.until(chatId, "waiting");
  const before = await promptOf(chatId);
  failSummaries = true;
  await compactChat(writer, person(chatId));
  await slipway.until(chatId, "error");
  failSummaries = false;
  expect(await promptOf(chatId)).toEqual(before);
  await slipway.send(chatId, "go on");
  await slipway.until(chatId, "waiting");
});

test("cleared, the model knows nothing of what was before and people still see it; twice is refused", async () => {
  const { chatId } = await slipway.create("small to clear");
  await slipway.until(chatId, "waiting");
  const seen = (await slipway.rowsOf(chatId)).length;
  await clearChat(writer, person(chatId));
  const rows = await slipway.rowsOf(chatId);
  expect(rows).toHaveLength(seen + 3);
  expect(rows.at(-1)?.content[0]).toMatchObject({ tool_name: "chat_cleared", result: { source: "manual" } });
  expect(await promptOf(chatId)).toEqual([expect.stringContaining("user: [The person cleared")]);
  await expect(clearChat(writer, person(chatId))).rejects.toMatchObject({ code: "conflict" });
  await slipway.send(chatId, "fresh start");
  await slipway.until(chatId, "waiting");
  await clearChat(writer, person(chatId));
});

test("a compaction that is taken back is gone for viewers and the model, which sees all of it again with what came since", async () => {
  const { chatId } = await slipway.create("kept");
  await slipway.until(chatId, "waiting");
  const before = await promptOf(chatId);
  await compactChat(writer, person(chatId));
  await slipway.until(chatId, "waiting");
  await slipway.send(chatId, "and now");
  await slipway.until(chatId, "waiting");
  expect(await promptOf(chatId)).not.toEqual(expect.arrayContaining(before.slice(1)));
  await undoCompact(writer, person(chatId));
  expect(await promptOf(chatId)).toEqual([...before, "user: and now", "assistant: Went on."]);
  const [run] =
    await sql`SELECT reset_version = snapshot_version AS "isReset" FROM chat_runs WHERE chat_id = ${chatId}`;
  expect(run?.isReset).toBe(true);
  await slipway.send(chatId, "go on");
  await slipway.until(chatId, "waiting");
  expect(slipway.model.requests.at(-1)?.messages[0]?.text).toBe("kept");
});

test("a busy chat is neither compacted nor cleared", async () => {
  const { chatId } = await slipway.create("held busy full");
  await waitFor(() => releaseSummary !== undefined, "it compacts by itself");
  await expect(compactChat(writer, person(chatId))).rejects.toMatchObject({ code: "conflict" });
  await expect(clearChat(writer, person(chatId))).rejects.toMatchObject({ code: "conflict" });
  letGo();
  await slipway.until(chatId, "waiting");
});

test("a worker that dies while it compacts loses nothing, and its zombie adds no second boundary", async () => {
  const { chatId } = await slipway.create("held till death");
  await slipway.until(chatId, "waiting");
  const before = await slipway.rowsOf(chatId);
  await compactChat(writer, person(chatId));
  await waitFor(() => releaseSummary !== undefined, "the first worker asks for the summary");
  const letZombieGoOn = releaseSummary;
  releaseSummary = undefined;
  // Another worker finds the owner dead; the old one still waits for its model.
  const owner = newId();
  await sql`INSERT INTO workers (id, install_id, boot_id, version, lock_key, heartbeat_at)
    VALUES (${owner}, ${newId()}, ${newId()}, 'old', 1, now() - interval '1 hour')`;
  await sql`UPDATE chat_runs SET worker_id = ${owner}, runner_id = ${newId()} WHERE chat_id = ${chatId}`;
  await waitFor(() => releaseSummary !== undefined, "the second one asks again");
  expect(await boundariesOf(chatId)).toHaveLength(0);
  letZombieGoOn?.();
  letGo();
  await waitFor(async () => (await boundariesOf(chatId)).length > 0, "the summary is there");
  await slipway.until(chatId, "waiting");
  expect(await boundariesOf(chatId)).toHaveLength(1);
  expect((await slipway.rowsOf(chatId)).slice(0, before.length).map((row) => row.id)).toEqual(
    before.map((row) => row.id),
  );
});

test("a chat that is being stopped when the compacting worker dies keeps no half summary as an answer", async () => {
  const { chatId } = await slipway.create("held and reaped");
  await slipway.until(chatId, "waiting");
  const before = await slipway.rowsOf(chatId);
  const owner = newId();
  await sql`INSERT INTO workers (id, install_id, boot_id, version, lock_key, heartbeat_at)
    VALUES (${owner}, ${newId()}, ${newId()}, 'old', 1, now() - interval '1 hour')`;
  const [run] = await sql`SELECT history_version FROM chat_runs WHERE chat_id = ${chatId}`;
  await sql`INSERT INTO chat_part_checkpoints (chat_id, history_version, attempt, first_seq, frames)
    VALUES (${chatId}, ${run?.history_version}, 1, 1, ${JSON.stringify([["assistant", { type: "tool-call", tool_call_id: "s", tool_name: "chat_summarized", args: {} }]])}::text::jsonb)`;
  await sql`UPDATE chats SET status = 'interrupting' WHERE id = ${chatId}`;
  await sql`UPDATE chat_runs SET worker_id = ${owner}, runner_id = ${newId()}, request = 'compact', generation_attempt = 1 WHERE chat_id = ${chatId}`;
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).map((row) => row.id)).toEqual(before.map((row) => row.id));
});
