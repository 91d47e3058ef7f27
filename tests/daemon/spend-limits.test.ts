import { afterEach, expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { forEachSpawned, spawn } from "../support/subagent-script";

/** At $3 and $15 a million, 600 micro-dollars a step. */
const STEP_MICROS = 600;
const usage = { input: 100, output: 20 };
const work = reply.toolCalls([{ name: "execute", args: { command: "work" } }], { usage });

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/three steps/, byStep([work, work, reply.text("Done.", { usage })])],
      [
        /helped/,
        byStep([
          reply.toolCalls([spawn("three steps")], { usage }),
          forEachSpawned("wait_agent", { timeout_seconds: 3_600 }),
          forEachSpawned("wait_agent"),
          reply.text("All done.", { usage }),
        ]),
      ],
    ],
    work,
  ),
  runTool: async () => ({ result: { output: "", exit_code: 0 }, is_error: false }),
});
await slipway.start();
const { sql, ownerId } = slipway;

async function limitTo(spendLimitMicros: number | null, failOpen = false): Promise<void> {
  await sql`INSERT INTO usage_limits (spend_limit_micros, fail_open) VALUES (${spendLimitMicros}, ${failOpen})
    ON CONFLICT (id) DO UPDATE SET spend_limit_micros = excluded.spend_limit_micros, fail_open = excluded.fail_open`;
}

async function pausedAt(chatId: string): Promise<void> {
  await waitFor(async () => (await slipway.chatOf(chatId))?.pause_reason === "spend_limit", "the limit pauses it");
}

const spent = async () => (await sql<{ sum: number }[]>`SELECT sum(cost_micros)::bigint FROM model_calls`)[0]?.sum ?? 0;
const stepsOf = async (chatId: string) =>
  (await slipway.rowsOf(chatId)).filter((row) => row.role === "assistant").length;

/** What earlier tests spent belongs to an earlier period. */
afterEach(async () => {
  await sql`UPDATE chats SET archived = true, status = 'waiting', pause_reason = NULL WHERE status = 'paused'`;
  await sql`DELETE FROM usage_limit_overrides`;
  await sql`DELETE FROM usage_limits`;
  await sql`UPDATE cost_days SET day = day - 40`;
  await sql`UPDATE model_calls SET created_at = created_at - interval '40 days'`;
});

test("a runaway agent stops within one step of the limit, with its results kept", async () => {
  await limitTo(1_000);
  const { chatId } = await slipway.create("never ends");
  await pausedAt(chatId);
  const rows = await slipway.rowsOf(chatId);
  expect(rows.map((row) => row.role)).toEqual(["user", "assistant", "tool", "assistant", "tool"]);
  expect((await slipway.chatOf(chatId))?.crash_count).toBe(0);
});

test("raising the limit lets it go on where it stopped", async () => {
  await limitTo(STEP_MICROS);
  const { chatId } = await slipway.create("three steps");
  await pausedAt(chatId);
  expect(await stepsOf(chatId)).toBe(1);
  await limitTo(1_000_000);
  await slipway.until(chatId, "waiting");
  expect(await stepsOf(chatId)).toBe(3);
});

test("spending exactly the limit reaches it, one micro-dollar less does not", async () => {
  await limitTo(STEP_MICROS * 2);
  const exact = await slipway.create("three steps");
  await pausedAt(exact.chatId);
  expect(await stepsOf(exact.chatId)).toBe(2);
  await sql`DELETE FROM cost_days`;
  await limitTo(STEP_MICROS * 2 + 1);
  await slipway.until(exact.chatId, "waiting");
});

test("an override and a new period both let it go on", async () => {
  await limitTo(STEP_MICROS);
  const first = await slipway.create("three steps");
  await pausedAt(first.chatId);
  await sql`INSERT INTO usage_limit_overrides (user_id, spend_limit_micros) VALUES (${ownerId}, ${STEP_MICROS * 2})`;
  await waitFor(async () => (await stepsOf(first.chatId)) === 2, "one more step");
  await pausedAt(first.chatId);
  await sql`UPDATE cost_days SET day = day - 40`;
  await slipway.until(first.chatId, "waiting");
});

test("a limit of the chat holds beside the person's, for that chat alone", async () => {
  await limitTo(0);
  const { chatId } = await slipway.create("three steps");
  await pausedAt(chatId);
  await sql`UPDATE chats SET spend_limit_micros = 0 WHERE id = ${chatId}`;
  await limitTo(null);
  const other = await slipway.create("three steps");
  await slipway.until(other.chatId, "waiting");
  expect((await slipway.chatOf(chatId))?.pause_reason).toBe("spend_limit");
  await sql`UPDATE chats SET spend_limit_micros = ${STEP_MICROS} WHERE id = ${chatId}`;
  await waitFor(async () => (await stepsOf(chatId)) === 1, "one step");
  await pausedAt(chatId);
});

test("ten agents at once overshoot by at most one step each", async () => {
  const limit = STEP_MICROS * 25;
  await limitTo(limit);
  const chats = await Promise.all(Array.from({ length: 10 }, () => slipway.create("never ends")));
  for (const { chatId } of chats) await pausedAt(chatId);
  const [now] = await sql<{ sum: number }[]>`
    SELECT sum(cost_micros)::bigint FROM cost_days WHERE day = (now() AT TIME ZONE 'UTC')::date`;
  expect(now?.sum).toBeGreaterThanOrEqual(limit);
  expect(now?.sum).toBeLessThanOrEqual(limit + 10 * STEP_MICROS);
});

test("an agent that waits for a subagent stops with it at the limit, is told why, and both go on", async () => {
  await limitTo(STEP_MICROS * 3);
  const { chatId } = await slipway.create("helped");
  await pausedAt(chatId);
  const [child] = await sql<{ id: string }[]>`SELECT id FROM chats WHERE parent_chat_id = ${chatId}`;
  await pausedAt(child?.id ?? "");
  const results = (await slipway.rowsOf(chatId))
    .filter(({ role }) => role === "tool")
    .flatMap(({ content }) => content);
  expect(results.at(-1)).toMatchObject({
    is_error: true,
    result: { pause_reason: "spend_limit", message: expect.stringContaining("spend limit") },
  });
  await limitTo(null);
  await slipway.until(child?.id ?? "", "completed");
  await slipway.until(chatId, "waiting");
});

test("a limit that is set in the middle of a turn holds from its next step", async () => {
  const { chatId } = await slipway.create("never ends");
  await waitFor(async () => (await stepsOf(chatId)) >= 3, "three steps");
  await limitTo(1);
  await pausedAt(chatId);
});

test("what is sent while an agent waits at the limit is queued, and answered after it when it goes on", async () => {
  await limitTo(STEP_MICROS);
  const { chatId } = await slipway.create("three steps");
  await pausedAt(chatId);
  await slipway.send(chatId, "and three steps more");
  await slipway.send(chatId, "then three steps again");
  expect((await slipway.rowsOf(chatId)).filter(({ role }) => role === "user")).toHaveLength(1);
  await limitTo(null);
  await slipway.until(chatId, "waiting");
  const said = (await slipway.rowsOf(chatId)).filter(({ role }) => role === "user");
  expect(said.map((row) => row.content[0].text)).toEqual([
    "three steps",
    "and three steps more",
    "then three steps again",
  ]);
});

test("a paused agent can be stopped, and is idle", async () => {
  await limitTo(0);
  const { chatId } = await slipway.create("never ends");
  await pausedAt(chatId);
  // Paused before its first step: no crash of its worker.
  expect((await slipway.chatOf(chatId))?.crash_count).toBe(0);
  await interruptChat(slipway.writer, { chatId, ownerId });
  await slipway.until(chatId, "waiting");
});

test("when the check itself fails, the agent stops and says so", async () => {
  await limitTo(1_000_000);
  await sql`ALTER TABLE usage_limit_overrides RENAME TO broken`;
  const { chatId } = await slipway.create("three steps");
  await slipway.until(chatId, "error");
  expect((await slipway.chatOf(chatId))?.last_error.message).toContain("could not be checked, so no work was started.");
  await sql`ALTER TABLE broken RENAME TO usage_limit_overrides`;
});

test("when the check fails between two steps, the agent says that what it did is kept", async () => {
  await limitTo(1_000_000);
  await sql`
    CREATE FUNCTION break_the_check() RETURNS trigger LANGUAGE plpgsql AS
      'BEGIN ALTER TABLE usage_limit_overrides RENAME TO broken; RETURN NULL; END'`;
  await sql`
    CREATE TRIGGER break_the_check AFTER INSERT ON chat_messages FOR EACH ROW WHEN (NEW.role = 'assistant')
    EXECUTE FUNCTION break_the_check()`;
  const { chatId } = await slipway.create("three steps");
  await slipway.until(chatId, "error");
  const { message } = (await slipway.chatOf(chatId))?.last_error ?? {};
  expect(message).toContain("could not be checked, so the agent stopped after its last step. What it did is kept.");
  expect((await slipway.rowsOf(chatId)).map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  await sql`DROP FUNCTION break_the_check CASCADE`;
  await sql`ALTER TABLE broken RENAME TO usage_limit_overrides`;
});

test("it goes on all the same where an administrator chose that", async () => {
  await limitTo(1_000_000, true);
  await sql`ALTER TABLE usage_limit_overrides RENAME TO broken`;
  const { chatId } = await slipway.create("three steps");
  await slipway.until(chatId, "waiting");
  await sql`ALTER TABLE broken RENAME TO usage_limit_overrides`;
  expect(await spent()).toBeGreaterThan(0);
});
