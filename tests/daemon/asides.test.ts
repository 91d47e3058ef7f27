/** Titles, turn summaries and instructions: what stands beside a turn, told from outside. */
import { expect, test } from "vitest";
import { patchChat } from "@/lib/chats/patch-chat";
import { regenerateTitle } from "@/lib/models/regenerate-title";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";

const gates = new Map<string, () => void>();
const kindOf = (system: string) => (system.startsWith("You name") ? "title" : "summary");
const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [
        /with a tool/,
        byStep([reply.toolCalls([{ name: "execute", args: { command: "ls" } }]), reply.text("Listed. Fine.")]),
      ],
    ],
    reply.text("I looked at **everything**. It is fine."),
  ),
  asides: async ({ system, prompt }) => {
    const kind = kindOf(system);
    if (/broken/.test(prompt)) return reply.error(500, "api_error", "no");
    if (/held/.test(prompt) && kind === "title") await new Promise<void>((resolve) => gates.set("title", resolve));
    if (/wordy/.test(prompt)) return reply.text("I have done a lot. Really a lot.");
    const usage = { input: 10, output: 2 };
    return reply.text(kind === "title" ? '"Look at everything."' : "Looked at everything", { usage });
  },
});
await slipway.start();
const { sql, ownerId } = slipway;
const hints: { chatId: string; watch: readonly string[] }[] = [];
slipway.pubsub.subscribe((hint) => {
  if (hint.type === "chat") hints.push({ chatId: hint.chatId, watch: hint.watch });
});
const told = (chatId: string, kind: string) =>
  hints.some((hint) => hint.chatId === chatId && hint.watch.includes(kind));
const chat = async (chatId: string) => (await slipway.chatOf(chatId))!;

test("a new chat is named and its turn summed up, both recorded and billed, without moving it in the list", async () => {
  const { chatId } = await slipway.create("look at everything please");
  const fallback = (await chat(chatId)).title;
  await slipway.until(chatId, "waiting");
  await waitFor(async () => (await chat(chatId)).title !== fallback, "it is named");
  const { updated_at: updatedAt } = await chat(chatId);
  await waitFor(async () => (await chat(chatId)).last_turn_summary !== null, "it is summed up");
  expect(await chat(chatId)).toMatchObject({
    title: "Look at everything",
    title_source: "generated",
    last_turn_summary: "Looked at everything",
    updated_at: updatedAt,
  });
  expect(told(chatId, "title_change") && told(chatId, "summary_change")).toBe(true);
  const calls =
    await sql`SELECT kind, cost_micros FROM model_calls WHERE chat_id = ${chatId} AND kind IN ('title', 'summary') ORDER BY kind`;
  expect(calls.map((call) => [call.kind, Number(call.cost_micros)])).toEqual([
    ["title", 60],
    ["summary", 60],
  ]);
  expect((await slipway.rowsOf(chatId)).map((row) => row.role)).toEqual(["user", "assistant"]);
});

test("a title that a person gave meanwhile stands", async () => {
  const { chatId } = await slipway.create("held back");
  await waitFor(() => gates.has("title"), "the title is asked for");
  await patchChat(slipway.writer, { chatId, ownerId, title: "Mine" });
  gates.get("title")?.();
  await slipway.until(chatId, "waiting");
  await waitFor(async () => (await chat(chatId)).last_turn_summary !== null, "the turn is summed up");
  expect(await chat(chatId)).toMatchObject({ title: "Mine", title_source: "user" });
});

test("a second message names nothing", async () => {
  const { chatId } = await slipway.create("broken first");
  await slipway.until(chatId, "waiting");
  const { title } = await chat(chatId);
  await slipway.send(chatId, "fine second");
  await slipway.until(chatId, "waiting");
  await waitFor(async () => (await chat(chatId)).last_turn_summary === "Looked at everything", "the turn is summed up");
  expect((await chat(chatId)).title).toBe(title);
});

test("where the model gives no label, or fails, a sentence of the answer stands in", async () => {
  for (const content of ["wordy one", "broken one"]) {
    const { chatId } = await slipway.create(content);
    await slipway.until(chatId, "waiting");
    await waitFor(async () => (await chat(chatId)).last_turn_summary !== null, "it is summed up");
    expect((await chat(chatId)).last_turn_summary).toBe("I looked at everything.");
    expect((await chat(chatId)).status).toBe("waiting");
  }
});

test("a small model is asked before the chat's own", async () => {
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, is_default, context_limit, compression_threshold)
    VALUES (gen_random_uuid(), ${slipway.providerId}, 'claude-haiku-test', 'Small', false, 200000, 70)`;
  const { chatId } = await slipway.create("with a small one");
  await waitFor(async () => (await chat(chatId)).title === "Look at everything", "it is named");
  expect(slipway.model.asides.at(-1)?.model).toBe("claude-haiku-test");
  await slipway.until(chatId, "waiting");
  expect(slipway.model.requests.at(-1)?.model).toBe("claude-test");
});

test("a person has a chat named anew, over their own title; of two at once one is told", async () => {
  const { chatId } = await slipway.create("rename me");
  await slipway.until(chatId, "waiting");
  await waitFor(async () => (await chat(chatId)).title_source === "generated", "it is named");
  await patchChat(slipway.writer, { chatId, ownerId, title: "Mine" });
  const ask = () =>
    regenerateTitle({ context: slipway.asideContext, chatId, ownerId, signal: AbortSignal.timeout(5_000) });
  const [first, second] = await Promise.allSettled([ask(), ask()]);
  expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
  expect([first, second].find(({ status }) => status === "rejected")).toMatchObject({ reason: { code: "conflict" } });
  expect(await chat(chatId)).toMatchObject({ title: "Look at everything", title_source: "generated" });
  await expect(
    regenerateTitle({ context: slipway.asideContext, chatId, ownerId: chatId, signal: AbortSignal.timeout(5_000) }),
  ).rejects.toMatchObject({ code: "not_found" });
});

test("every turn is told the installation's, the workspace's and the person's instructions, once the workspace is there", async () => {
  await sql`INSERT INTO settings (key, value) VALUES ('deployment', ${JSON.stringify({ system_prompt: "HOUSE RULES" })}::text::jsonb)`;
  await sql`INSERT INTO user_settings (user_id, prompt) VALUES (${ownerId}, 'SPEAK FRENCH')`;
  slipway.workspaces.instructions.agentsFile = { text: "USE TABS", isCut: false };
  slipway.workspaces.instructions.skills = [{ name: "deploy", description: "HOW TO DEPLOY" }];
  const { chatId } = await slipway.create("with a tool");
  await slipway.until(chatId, "waiting");
  await slipway.send(chatId, "and again");
  await slipway.until(chatId, "waiting");
  const systems = slipway.model.requests.slice(-3).map(({ system }) => system);
  const knows = (text: string) => systems.map((system) => system.includes(text));
  expect(knows("HOUSE RULES")).toEqual([true, true, true]);
  expect(knows("SPEAK FRENCH")).toEqual([true, true, true]);
  // The first step makes the workspace; the steps and turns after it have read it.
  expect(knows("USE TABS")).toEqual([false, true, true]);
  expect(knows("HOW TO DEPLOY")).toEqual([false, true, true]);
  expect(systems[1]).toBe(systems[2]);
});
