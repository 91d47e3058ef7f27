import { expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { submitToolResults } from "@/lib/chats/tool-results";
import type { CallerTool } from "@/lib/contract/tools";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";

const QUESTION = {
  questions: [
    {
      header: "Database",
      question: "Which one?",
      options: [
        { label: "PostgreSQL", description: "As now." },
        { label: "SQLite", description: "Smaller." },
      ],
    },
  ],
};
const ask = { name: "ask_user_question", args: QUESTION };
const plan = { name: "propose_plan", args: { plan: "1. Do it." } };
const exec = { name: "execute", args: { command: "look" } };
const WEATHER: CallerTool = {
  name: "get_weather",
  description: "Tells the weather.",
  input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
};
const weather = { name: "get_weather", args: { city: "Bern" } };
const write = { name: "write_file", args: { path: "a", content: "b" } };

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/ask beside a command/, byStep([reply.toolCalls([exec, ask]), reply.text("Thanks.")])],
      [
        /ask wrongly/,
        byStep([reply.toolCalls([{ name: "ask_user_question", args: { questions: [] } }]), reply.text("Oh.")]),
      ],
      [/ask and plan/, byStep([reply.toolCalls([ask, plan]), reply.toolCalls([plan]), reply.text("Done.")])],
      [
        /make a plan/,
        byStep([
          reply.toolCalls([write, plan]),
          reply.toolCalls([plan]),
          reply.toolCalls([write]),
          reply.text("Built."),
        ]),
      ],
      [
        /circles/,
        ({ messages }) =>
          /another way/.test(JSON.stringify(messages)) ? reply.text("Done.") : reply.toolCalls([exec]),
      ],
      [/weather/, byStep([reply.toolCalls([weather, { ...weather, args: { city: "Rome" } }]), reply.text("Sunny.")])],
    ],
    reply.text("Hello."),
  ),
  runTool: async () => ({ result: { output: "seen", exit_code: 0 }, is_error: false }),
});
const daemon = await slipway.start();
const { sql, ownerId } = slipway;

const answer = (chatId: string, results: { tool_call_id: string; output: string | object; is_error?: boolean }[]) =>
  submitToolResults(slipway.writer, {
    chatId,
    ownerId,
    results: results.map((result) => ({ is_error: false, ...result })),
  });
const lastCalls = async (chatId: string): Promise<string[]> =>
  (await slipway.rowsOf(chatId))
    .findLast((row) => row.role === "assistant")
    ?.content.flatMap((part: { type: string; tool_call_id: string }) =>
      part.type === "tool-call" ? [part.tool_call_id] : [],
    );
const results = async (chatId: string) =>
  (await slipway.rowsOf(chatId))
    .filter((row) => row.role === "tool")
    .map((row) => row.content.map((part: { result: unknown }) => part.result));

test("a question pauses the chat, keeps the step's other results from the history, and its answer makes the step whole", async () => {
  const { chatId } = await slipway.create("ask beside a command");
  await slipway.until(chatId, "paused");
  expect((await slipway.chatOf(chatId))?.pause_reason).toBe("question");
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant"]);
  const [, question] = await lastCalls(chatId);
  const answers = { answers: [{ header: "Database", question: "Which one?", answer: "PostgreSQL" }] };
  await answer(chatId, [{ tool_call_id: question!, output: answers }]);
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant"]);
  expect(rows[2]?.content.map((part: { tool_name: string }) => part.tool_name)).toEqual([
    "execute",
    "ask_user_question",
  ]);
  expect(rows[2]?.content[1]).toMatchObject({ result: answers, is_error: false });
  expect(rows[2]?.created_by).toBeNull();
  expect(slipway.workspaces.ran.filter((call) => call.chatId === chatId)).toHaveLength(1);
});

test("a message instead of an answer says so to the model and keeps the command's result", async () => {
  const { chatId } = await slipway.create("ask beside a command");
  await slipway.until(chatId, "paused");
  await slipway.send(chatId, "Never mind, hello");
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "user", "assistant"]);
  expect((await results(chatId))[0]).toEqual([{ output: "seen", exit_code: 0 }, { answered_by_message: true }]);
  expect(rows[3]?.created_by).toBe(ownerId);
});

test("a stop while a question waits ends the turn with the command's result and an error for the question", async () => {
  const { chatId } = await slipway.create("ask beside a command");
  await slipway.until(chatId, "paused");
  await interruptChat(slipway.writer, { chatId, ownerId });
  await slipway.until(chatId, "waiting");
  const tool = (await slipway.rowsOf(chatId))[2];
  expect(tool?.content.map((part: { is_error: boolean }) => part.is_error)).toEqual([false, true]);
});

test("wrong, missing and double ids are refused and leave the chat paused", async () => {
  const { chatId } = await slipway.create("ask beside a command");
  await slipway.until(chatId, "paused");
  const [command, question] = (await lastCalls(chatId)) as [string, string];
  const one = { tool_call_id: question, output: "yes" };
  await expect(answer(chatId, [{ ...one, tool_call_id: "nonsense" }])).rejects.toThrow(/"nonsense".*waits for/);
  await expect(answer(chatId, [one, { ...one, tool_call_id: command }])).rejects.toThrow(command);
  await expect(answer(chatId, [one, one])).rejects.toThrow(/twice/);
  expect((await slipway.chatOf(chatId))?.status).toBe("paused");
  await answer(chatId, [one]);
  await expect(answer(chatId, [one])).rejects.toMatchObject({ code: expect.stringMatching(/conflict|unprocessable/) });
  await slipway.until(chatId, "waiting");
  await expect(answer(chatId, [one])).rejects.toMatchObject({ code: "conflict" });
});

test("a question that is not one is told to the model, and a plan beside a question has to come again", async () => {
  const wrong = await slipway.create("ask wrongly");
  await slipway.until(wrong.chatId, "waiting");
  expect((await results(wrong.chatId))[0]?.[0]).toContain("questions");

  const { chatId } = await slipway.create("ask and plan");
  await slipway.until(chatId, "paused");
  const [question] = await lastCalls(chatId);
  await answer(chatId, [{ tool_call_id: question!, output: "either" }]);
  await waitFor(async () => (await slipway.chatOf(chatId))?.pause_reason === "plan", "the plan is shown");
  expect((await results(chatId))[0]).toEqual(["either", expect.stringContaining("step of its own")]);
});

test("plan mode takes the writing tools away, feedback goes back to the model, approval gives the tools back", async () => {
  const { chatId } = await slipway.create("make a plan", { planMode: true });
  await slipway.until(chatId, "paused");
  expect((await slipway.chatOf(chatId))?.pause_reason).toBe("plan");
  const request = slipway.model.requests.at(-1)!;
  expect(JSON.stringify(request.body)).toContain("You are in plan mode");
  const [, first] = await lastCalls(chatId);
  await expect(answer(chatId, [{ tool_call_id: first!, output: "fine" }])).rejects.toThrow(/approved/);
  await answer(chatId, [{ tool_call_id: first!, output: { approved: false, feedback: "Smaller." } }]);
  await waitFor(async () => {
    const [call] = await lastCalls(chatId);
    return call !== (undefined as unknown) && call !== first && (await slipway.chatOf(chatId))?.status === "paused";
  }, "the second plan is shown");
  expect((await slipway.chatOf(chatId))?.plan_mode).toBe(true);
  const [second] = await lastCalls(chatId);
  await answer(chatId, [{ tool_call_id: second!, output: { approved: true } }]);
  await slipway.until(chatId, "waiting");
  expect((await slipway.chatOf(chatId))?.plan_mode).toBe(false);
  expect(await results(chatId)).toEqual([
    [expect.stringContaining('no tool named "write_file"'), { approved: false, feedback: "Smaller." }],
    [{ approved: true }],
    [{ output: "seen", exit_code: 0 }],
  ]);
});

test("a call of the caller's tools waits for its results, also across a restart", async () => {
  const { chatId } = await slipway.create("weather", { callerTools: [WEATHER] });
  await slipway.until(chatId, "paused");
  expect((await slipway.chatOf(chatId))?.pause_reason).toBe("tool_results");
  const queued = await slipway.send(chatId, "and tomorrow?");
  expect(queued.queued).toBe(true);
  await daemon.stop();
  await slipway.start();
  const [bern, rome] = (await lastCalls(chatId)) as [string, string];
  await answer(chatId, [
    { tool_call_id: rome, output: { sky: "clear" } },
    { tool_call_id: bern, output: "no station", is_error: true },
  ]);
  await slipway.until(chatId, "waiting");
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant", "user", "assistant"]);
  expect(rows[2]?.content).toMatchObject([
    { result: "no station", is_error: true },
    { result: { sky: "clear" }, is_error: false },
  ]);
});

test("a caller that does not answer within its time is given up, by the database's clock", async () => {
  const { chatId } = await slipway.create("weather", { callerTools: [WEATHER] });
  await slipway.until(chatId, "paused");
  const [due] =
    await sql`SELECT extract(epoch FROM answer_due_at - now())::int AS seconds FROM chat_runs WHERE chat_id = ${chatId}`;
  expect(due?.seconds).toBeGreaterThan(290);
  expect(due?.seconds).toBeLessThanOrEqual(300);
  await sql`UPDATE chat_runs SET answer_due_at = now() WHERE chat_id = ${chatId}`;
  await slipway.until(chatId, "waiting");
  const tool = (await slipway.rowsOf(chatId))[2];
  expect(tool?.content).toMatchObject([{ is_error: true }, { is_error: true }]);
  const [run] = await sql`SELECT answer_due_at FROM chat_runs WHERE chat_id = ${chatId}`;
  expect(run?.answer_due_at).toBeNull();
});

test("a subagent is given neither questions nor plans", async () => {
  const { chatId } = await slipway.create("hello");
  await slipway.until(chatId, "waiting");
  const child = await slipway.create("hello child", {
    beforeCommit: async (tx, made) => {
      await tx`UPDATE chats SET parent_chat_id = ${chatId}, root_chat_id = ${chatId}, agent_type = 'general'
        WHERE id = ${made.chatId}`;
    },
  });
  await slipway.until(child.chatId, "completed");
  const tools = JSON.stringify((slipway.model.requests.at(-1)!.body as { tools: unknown }).tools);
  expect(tools).toContain("execute");
  expect(tools).not.toMatch(/ask_user_question|propose_plan/);
});

test("an agent that goes in circles pauses with a question after five rounds, and its answer is the way on", async () => {
  const { chatId } = await slipway.create("circles");
  await slipway.until(chatId, "paused");
  expect(await slipway.chatOf(chatId)).toMatchObject({ pause_reason: "question", last_error: null });
  const rows = await slipway.rowsOf(chatId);
  expect(rows.filter(({ role }) => role === "assistant")).toHaveLength(6);
  const question = rows.at(-1)?.content[0];
  expect(question).toMatchObject({ type: "tool-call", tool_name: "ask_user_question" });
  const [calls] = await sql`SELECT count(*)::int AS n FROM model_calls WHERE chat_id = ${chatId} AND kind = 'step'`;
  expect(calls?.n).toBe(5);
  await answer(chatId, [{ tool_call_id: question.tool_call_id, output: { answers: ["Try another way"] } }]);
  await slipway.until(chatId, "waiting");
  expect((await slipway.rowsOf(chatId)).at(-1)?.content[0].text).toBe("Done.");
});
