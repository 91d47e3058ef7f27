import { expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { findChatCost } from "@/db/queries/chat-cost";
import { findChat } from "@/db/queries/chats";
import { interruptChat } from "@/lib/chats/interrupt";
import { countStatements } from "../support/count-statements";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { createGates, forEachSpawned, spawn } from "../support/subagent-script";

const gates = createGates();
const wait = forEachSpawned("wait_agent");
const done = reply.text("All done.");

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/child second$/, reply.text("Did child second.")],
      [/^child slow/, gates.behind("slow", reply.text("The slow report."))],
      [/^child fast/, reply.text("The fast report.")],
      [/^child held (\w+)/, ({ prompt }) => gates.behind(prompt, reply.text(`Report of ${prompt}.`))],
      [/^child fails/, reply.error(401, "authentication_error", "invalid x-api-key")],
      [
        /^child works/,
        byStep([
          ...[1, 2, 3, 4, 5].map((n) => reply.toolCalls([{ name: "execute", args: { command: `npm test ${n}` } }])),
          reply.text("It works."),
        ]),
      ],
      [/^child (reads|first)/, ({ prompt }) => reply.text(`Did ${prompt}.`)],
      [
        /two at once/,
        byStep([reply.toolCalls([spawn("child slow", { title: "Slow one" }), spawn("child fast")]), wait, done]),
      ],
      [/explore/, byStep([reply.toolCalls([spawn("child reads", { type: "explore" })]), wait, done])],
      [/bad model/, byStep([reply.toolCalls([spawn("child first", { model_config_id: "gpt-nothing" })]), done])],
      [/failing/, byStep([reply.toolCalls([spawn("child fails")]), wait, done])],
      [/stuck/, byStep([reply.toolCalls([spawn("child held stuck", { deadline_minutes: 1 })]), wait, done])],
      [/interrupted/, byStep([reply.toolCalls([spawn("child held interrupted")]), wait, done])],
      [
        /impatient/,
        byStep([
          reply.toolCalls([spawn("child held impatient")]),
          forEachSpawned("wait_agent", { timeout_seconds: 1 }),
          wait,
          done,
        ]),
      ],
      [/restarted/, byStep([reply.toolCalls([spawn("child held restarted")]), wait, done])],
      [/watched/, byStep([reply.toolCalls([spawn("child works")]), wait, done])],
      [
        /again/,
        byStep([
          reply.toolCalls([spawn("child first")]),
          wait,
          forEachSpawned("message_agent", { message: "child second" }),
          wait,
          reply.toolCalls([{ name: "list_agents" }]),
          done,
        ]),
      ],
      [
        /corrected/,
        byStep([
          reply.toolCalls([spawn("child held corrected")]),
          gates.behind("correction", forEachSpawned("message_agent", { message: "child second", interrupt: true })),
          wait,
          done,
        ]),
      ],
      [
        /stopping/,
        byStep([reply.toolCalls([spawn("child held stopping")]), forEachSpawned("interrupt_agent"), wait, done]),
      ],
      [
        /stranger (\S+)/,
        ({ prompt, step }) => {
          const chat_id = /stranger (\S+)/.exec(prompt)?.[1];
          const names = ["wait_agent", "message_agent", "interrupt_agent"];
          return step === 0
            ? reply.toolCalls(names.map((name) => ({ name, args: { chat_id, message: "child first" } })))
            : done;
        },
      ],
    ],
    done,
  ),
  runTool: async () => ({ result: { output: "ok", exit_code: 0 }, is_error: false }),
});
await slipway.start();
const { sql } = slipway;
const db = createDatabase(sql);

// biome-ignore lint/suspicious/noExplicitAny: results of every shape
type Result = { tool_name: string; result: any; is_error: boolean; duration_ms: number };
const childrenOf = (chatId: string) =>
  sql`SELECT * FROM chats WHERE parent_chat_id = ${chatId} ORDER BY created_at, spawned_by_tool_call_id`;
async function childOf(chatId: string, status = "running"): Promise<string> {
  await waitFor(async () => (await childrenOf(chatId))[0]?.status === status, `the subagent is ${status}`);
  return (await childrenOf(chatId))[0]?.id;
}
async function resultsOf(chatId: string): Promise<Result[]> {
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  return rows.filter(({ role }) => role === "tool").flatMap(({ content }) => content);
}
const shown = async (chatId: string) => findChat(db, { chatId, ownerId: slipway.ownerId });

test("subagents work at the same time, and their reports stand in call order whoever was first", async () => {
  const { chatId } = await slipway.create("two at once");
  await waitFor(
    async () => (await childrenOf(chatId)).some(({ status }) => status === "completed"),
    "the fast one has ended",
  );
  expect((await childrenOf(chatId)).map(({ status }) => status).sort()).toEqual(["completed", "running"]);
  gates.open("slow");
  const [slowSpawn, fastSpawn, slow, fast] = await resultsOf(chatId);
  expect(slowSpawn?.result).toMatchObject({ title: "Slow one", status: "pending", type: "general" });
  expect(slow).toMatchObject({ is_error: false, result: { status: "completed", report: "The slow report." } });
  expect(fast).toMatchObject({ is_error: false, result: { status: "completed", report: "The fast report." } });
  expect(slow?.result.chat_id).toBe(slowSpawn?.result.chat_id);
  expect(fast?.result.chat_id).toBe(fastSpawn?.result.chat_id);
});

test("a subagent has its parent's owner, workspace and model, and no person wrote its prompt", async () => {
  const { chatId } = await slipway.create("two at once");
  await resultsOf(chatId);
  const parent = await slipway.chatOf(chatId);
  expect(parent?.workspace_id).toBe(slipway.workspaceId);
  for (const child of await childrenOf(chatId)) {
    expect(child).toMatchObject({
      owner_id: parent?.owner_id,
      root_chat_id: chatId,
      workspace_id: parent?.workspace_id,
      last_model_config_id: slipway.modelConfigId,
      status: "completed",
      agent_type: "general",
      deadline_seconds: 1_800,
    });
    expect((await slipway.rowsOf(child.id))[0]).toMatchObject({ role: "user", created_by: null });
  }
  const chat = await shown(chatId);
  expect(chat?.children.map(({ title }) => title).sort()).toEqual(["Slow one", "child fast"]);
});

test("what subagents cost is their root's", async () => {
  const { chatId } = await slipway.create("two at once");
  await resultsOf(chatId);
  const [calls] = await sql`SELECT count(*)::int AS n FROM model_calls WHERE root_chat_id = ${chatId}`;
  // Three steps of the parent, one of each child.
  expect(calls?.n).toBe(5);
  const cost = await findChatCost(db, { chatId, ownerId: slipway.ownerId });
  expect(cost).toMatchObject({ message_count: 5, total_cost_micros: 5 * 600 });
});

test("a subagent cannot make others, and one that explores cannot change anything", async () => {
  const toolsOf = (prompt: string) => slipway.model.requests.find((request) => request.prompt === prompt)?.tools ?? [];
  const { chatId } = await slipway.create("explore");
  const results = await resultsOf(chatId);
  expect(results.at(-1)?.result.report).toBe("Did child reads.");
  expect(toolsOf("explore")).toEqual(expect.arrayContaining(["spawn_agent", "wait_agent", "execute"]));
  expect(toolsOf("child fast").filter((name) => /agent/.test(name))).toEqual([]);
  expect(toolsOf("child fast")).toContain("execute");
  expect(toolsOf("child reads")).toEqual(["list_files", "read_file", "search_files"]);
});

test("a model that cannot be used starts nothing", async () => {
  const { chatId } = await slipway.create("bad model");
  const [result] = await resultsOf(chatId);
  expect(result).toMatchObject({ is_error: true, result: expect.stringContaining("gpt-nothing") });
  expect(await childrenOf(chatId)).toHaveLength(0);
});

test("a subagent that fails is reported with its error", async () => {
  const { chatId } = await slipway.create("failing");
  const result = (await resultsOf(chatId)).at(-1);
  expect(result).toMatchObject({
    is_error: true,
    result: { status: "error", last_error: { kind: "auth", retryable: false } },
  });
});

test("a subagent past its deadline is shown and reported as stuck, and still runs", async () => {
  const { chatId } = await slipway.create("stuck");
  const childId = await childOf(chatId);
  expect(await shown(childId)).toMatchObject({ agent_type: "general", deadline_seconds: 60, stuck: false });
  await sql`UPDATE chats SET deadline_at = now() - interval '1 second' WHERE id = ${childId}`;
  slipway.pubsub.publish({ type: "resync" });
  const result = (await resultsOf(chatId)).at(-1);
  expect(result).toMatchObject({
    is_error: true,
    result: { status: "stuck", message: expect.stringContaining("deadline") },
  });
  expect(await shown(childId)).toMatchObject({ status: "running", stuck: true });
  gates.open("child held stuck");
  await slipway.until(childId, "completed");
  expect(await shown(childId)).toMatchObject({ stuck: false });
});

test("a subagent without a step for long is stuck too", async () => {
  const { chatId } = await slipway.create("interrupted");
  const childId = await childOf(chatId);
  await sql`UPDATE chats SET deadline_seconds = 7200, deadline_at = now() + interval '100 minutes' WHERE id = ${childId}`;
  slipway.pubsub.publish({ type: "resync" });
  const result = (await resultsOf(chatId)).at(-1);
  expect(result?.result).toMatchObject({ status: "stuck", message: expect.stringContaining("step") });
  await interruptChat(slipway.writer, { chatId: childId, ownerId: slipway.ownerId });
});

test("an interrupted subagent is reported as interrupted, never as success", async () => {
  const { chatId } = await slipway.create("interrupted");
  const childId = await childOf(chatId);
  await interruptChat(slipway.writer, { chatId: childId, ownerId: slipway.ownerId });
  const result = (await resultsOf(chatId)).at(-1);
  expect(result).toMatchObject({ is_error: true, result: { status: "interrupted" } });
  expect((await childrenOf(chatId))[0]?.status).toBe("waiting");
});

test("when the time is over the parent is told what the subagent does, and the subagent goes on", async () => {
  const { chatId } = await slipway.create("impatient");
  await childOf(chatId);
  await waitFor(
    () => slipway.model.requests.some(({ prompt, step }) => prompt === "impatient" && step === 2),
    "it waits again",
  );
  gates.open("child held impatient");
  const [, timedOut, ended] = await resultsOf(chatId);
  expect(timedOut).toMatchObject({ is_error: false, result: { timed_out: true, status: "running" } });
  expect(ended?.result).toMatchObject({ status: "completed", report: "Report of child held impatient." });
});

test("a message gives a subagent that has ended another task, with a new deadline", async () => {
  const { chatId } = await slipway.create("again");
  const results = await resultsOf(chatId);
  expect(results.map(({ tool_name }) => tool_name)).toEqual([
    "spawn_agent",
    "wait_agent",
    "message_agent",
    "wait_agent",
    "list_agents",
  ]);
  expect(results[2]?.result).toMatchObject({ queued: false });
  expect(results[3]?.result).toMatchObject({ status: "completed", report: "Did child second." });
  const childId = results[0]?.result.chat_id;
  expect(results[4]?.result.agents).toMatchObject([{ chat_id: childId, status: "completed" }]);
  const rows = await slipway.rowsOf(childId);
  expect(rows.map(({ role, created_by }) => [role, created_by])).toEqual([
    ["user", null],
    ["assistant", null],
    ["user", null],
    ["assistant", null],
  ]);
  const [child] =
    await sql`SELECT deadline_at > created_at + interval '1800 seconds' AS renewed FROM chats WHERE id = ${childId}`;
  expect(child?.renewed).toBe(true);
});

test("a message that interrupts stops what the subagent does and is answered instead", async () => {
  const { chatId } = await slipway.create("corrected");
  const childId = await childOf(chatId);
  await waitFor(() => slipway.model.requests.some(({ prompt }) => prompt === "child held corrected"), "it works");
  gates.open("correction");
  const result = (await resultsOf(chatId)).at(-1);
  expect(result?.result).toMatchObject({ status: "completed", report: "Did child second." });
  expect((await slipway.rowsOf(childId)).filter(({ role }) => role === "user")).toHaveLength(2);
});

test("a subagent that its parent stops has not succeeded", async () => {
  const { chatId } = await slipway.create("stopping");
  const results = await resultsOf(chatId);
  expect(["interrupting", "interrupted"]).toContain(results[1]?.result.status);
  expect(results[2]).toMatchObject({ is_error: true, result: { status: "interrupted" } });
});

test("chats that are not below the caller cannot be waited for, told or stopped", async () => {
  const other = await slipway.create("hello");
  await slipway.until(other.chatId, "waiting");
  for (const target of [other.chatId, "not-an-id"]) {
    const { chatId } = await slipway.create(`stranger ${target}`);
    for (const result of await resultsOf(chatId)) {
      expect(result).toMatchObject({ is_error: true, result: expect.stringContaining("no subagent") });
    }
  }
  expect(await slipway.rowsOf(other.chatId)).toHaveLength(2);
});

test("the end of a subagent is pushed: its parent looks twice, whatever the subagent does meanwhile", async () => {
  const heard: string[] = [];
  const unsubscribe = slipway.pubsub.subscribe((hint) => {
    if (hint.type === "chat" && hint.rootChatId) heard.push(...hint.watch);
  });
  let chatId = "";
  const statements = await countStatements(sql, async () => {
    ({ chatId } = await slipway.create("watched"));
    await resultsOf(chatId);
  });
  unsubscribe();
  const result = (await resultsOf(chatId)).at(-1);
  expect(result?.result).toMatchObject({ status: "completed", report: "It works." });
  // One of the two is the check whose subagent it is.
  const looks = statements.filter((text) => text.includes("pastDeadline"));
  expect(looks.length).toBeLessThanOrEqual(3);
  expect(result?.duration_ms).toBeLessThan(5_000);
  expect(heard.filter((kind) => kind === "summary_change").length).toBeGreaterThanOrEqual(10);
});

test("what a subagent does now is shown, and nothing once it has ended", async () => {
  const { chatId } = await slipway.create("watched");
  const results = await resultsOf(chatId);
  const childId = results[0]?.result.chat_id;
  const [run] = await sql`SELECT activity, last_step_at FROM chat_runs WHERE chat_id = ${childId}`;
  expect(run?.activity).toBeNull();
  expect(await shown(childId)).toMatchObject({ progress: { doing: null, last_step_at: run?.last_step_at } });
  expect((await shown(chatId))?.progress).toBeNull();
});

test("a wait whose worker was lost goes on with the next, and the subagent is not started again", async () => {
  const { chatId } = await slipway.create("restarted");
  await childOf(chatId);
  await waitFor(
    async () =>
      (await sql`SELECT activity FROM chat_runs WHERE chat_id = ${chatId}`)[0]?.activity?.startsWith("wait_agent"),
    "the parent waits",
  );
  const before = await slipway.chatOf(chatId);
  await sql`DELETE FROM workers`;
  await waitFor(async () => {
    const now = await slipway.chatOf(chatId);
    return now?.runner_id !== null && now?.runner_id !== before?.runner_id;
  }, "another runner has the parent");
  gates.open("child held restarted");
  const results = await resultsOf(chatId);
  expect(results.map(({ tool_name }) => tool_name)).toEqual(["spawn_agent", "wait_agent"]);
  expect(results[1]?.result).toMatchObject({ status: "completed", report: "Report of child held restarted." });
  expect(await childrenOf(chatId)).toHaveLength(1);
});
