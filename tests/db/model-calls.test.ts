import { expect, test } from "vitest";
import { listCostMismatches, rebuildCostDays } from "@/db/queries/cost-verification";
import { insertModelCall, type ModelCall } from "@/db/queries/model-calls";
import { acquireChats } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { editMessage } from "@/lib/chats/edit-message";
import { commitAnswer, recordAttempt } from "@/lib/chats/runner-commits";
import type { Usage } from "@/lib/contract/messages";
import { pricingSchema } from "@/lib/contract/models";
import { createCallRecorder } from "@/lib/daemon/call-recorder";
import { keepClosingDays } from "@/lib/daemon/close-days";
import { newId } from "@/lib/ids";
import { createChatWriter } from "../support/chat-writer";
import { createTestDatabase } from "../support/database";
import { createFakeClock } from "../support/fake-clock";
import { registerWorker } from "../support/rows";

const { sql } = await createTestDatabase();
const { writer, ownerId, modelConfigId, otherModelId } = await createChatWriter(sql);
const pricing = pricingSchema.parse({ input_price_per_million: "3", output_price_per_million: "15" });
const recorder = createCallRecorder({ config: { id: modelConfigId, model: "m", pricing }, provider: "anthropic" });
const used = (input: number | null, output: number | null): Usage => ({
  input_tokens: input,
  output_tokens: output,
  reasoning_tokens: null,
  cache_read_tokens: null,
  cache_creation_tokens: null,
});
const call = (kind: ModelCall["kind"], usage: Usage) => recorder.toCall(kind, usage) as ModelCall;

async function running() {
  const { chatId } = await createChat(writer, { ownerId, content: "Fix it", modelConfigId });
  const run = (await acquireChats(writer, { workerId: await registerWorker(sql), limit: 10 })).find(
    (one) => one.chatId === chatId,
  );
  return { chatId, fence: { runnerId: run?.runnerId ?? "" } };
}

const daysOf = (rootChatId: string) => sql`
  SELECT model_config_id, cost_micros, call_count, unpriced_call_count, message_count, unpriced_message_count,
    input_tokens, output_tokens
  FROM cost_days WHERE root_chat_id = ${rootChatId} ORDER BY call_count DESC`;

test("a step adds its call to the day, an attempt its cost but no message", async () => {
  const { chatId, fence } = await running();
  const answer = recorder.toAnswer({ parts: [{ type: "text", text: "a" }], usage: used(100, 20), runtimeMs: 1 });
  await commitAnswer(writer, { chatId, fence, answer });
  const retry = { attempt: 1, delay_ms: 1, retrying_at: "2026-01-01T00:00:00Z", kind: "overloaded", message: "m" };
  await recordAttempt(writer, {
    chatId,
    fence,
    retry: { ...retry, provider: null, status_code: null } as never,
    call: call("attempt", used(10, 0)),
  });
  expect(await daysOf(chatId)).toEqual([
    {
      model_config_id: modelConfigId,
      cost_micros: 630,
      call_count: 2,
      unpriced_call_count: 0,
      message_count: 1,
      unpriced_message_count: 0,
      input_tokens: 110,
      output_tokens: 20,
    },
  ]);
});

test("what has no price is counted as unpriced and adds nothing to the cost", async () => {
  const chatId = newId();
  const of = { chatId, rootChatId: chatId, ownerId };
  await insertModelCall(sql, { ...of, call: call("title", used(null, null)) });
  await insertModelCall(sql, { ...of, call: { ...call("step", used(5, 5)), costMicros: null, modelConfigId: null } });
  await insertModelCall(sql, { ...of, call: { ...call("step", used(5, 5)), costMicros: null, modelConfigId: null } });
  const days = await daysOf(chatId);
  expect(days).toMatchObject([
    { model_config_id: null, call_count: 2, unpriced_call_count: 2, unpriced_message_count: 2, cost_micros: 0 },
    { model_config_id: modelConfigId, call_count: 1, unpriced_call_count: 1, unpriced_message_count: 0 },
  ]);
});

test("the price in force, its tier and the hour's cache writes are stored with the call", async () => {
  const tiers = [{ above_tokens: 100, input_price_per_million: "6", cache_write_hour_price_per_million: "12" }];
  const tiered = pricingSchema.parse({ input_price_per_million: "3", tiers });
  const config = { id: otherModelId, model: "m", pricing: tiered };
  const usage = { ...used(90, 0), cache_creation_tokens: 20, cache_creation_hour_tokens: 20 };
  const priced = createCallRecorder({ config, provider: "anthropic" }).toCall("step", usage) as ModelCall;
  const chatId = newId();
  await insertModelCall(sql, { chatId, rootChatId: chatId, ownerId, call: priced });
  const [row] = await sql`SELECT * FROM model_calls WHERE chat_id = ${chatId}`;
  expect(row).toMatchObject({
    input_price_per_million: "6",
    cache_write_hour_price_per_million: "12",
    price_tier_above_tokens: 100,
    cache_creation_hour_tokens: 20,
    cost_micros: 780,
  });
});

test("answers that an edit removed stay counted", async () => {
  const { chatId, fence } = await running();
  const answer = recorder.toAnswer({ parts: [{ type: "text", text: "a" }], usage: used(100, 20), runtimeMs: 1 });
  await commitAnswer(writer, { chatId, fence, answer });
  const [first] = await sql<{ id: number }[]>`SELECT id FROM chat_messages WHERE chat_id = ${chatId} ORDER BY id`;
  await editMessage(writer, { chatId, ownerId, messageId: first?.id ?? 0, content: "Fix it well" } as never);
  expect(await daysOf(chatId)).toMatchObject([{ cost_micros: 600, message_count: 1 }]);
});

test("two hundred calls of ten agents at once leave the roll-up equal to the record", async () => {
  const rootChatId = newId();
  const agents = Array.from({ length: 10 }, () => newId());
  const all = agents.flatMap((chatId) =>
    Array.from({ length: 20 }, (_, i) =>
      insertModelCall(sql, { chatId, rootChatId, ownerId, call: call("compaction", used(i, 1)) }),
    ),
  );
  await Promise.all(all);
  expect(await daysOf(rootChatId)).toMatchObject([{ call_count: 200, input_tokens: 1_900, output_tokens: 200 }]);
});

test("the verifier agrees with all of this, and names each figure that was tampered with", async () => {
  expect(await listCostMismatches(sql)).toEqual([]);
  const [day] =
    await sql`UPDATE cost_days SET cost_micros = cost_micros + 1 WHERE call_count = 200 RETURNING root_chat_id`;
  await sql`UPDATE chat_messages SET total_cost_micros = 1 WHERE total_cost_micros = 600`;
  const found = await listCostMismatches(sql);
  expect(found.filter(({ what }) => what === "cost_day").map(({ key }) => key)).toEqual([
    expect.stringContaining(String(day?.root_chat_id)),
  ]);
  expect(found.filter(({ what }) => what === "message")).toHaveLength(2);
  expect(found.find(({ what }) => what === "message")).toMatchObject({
    expected: expect.stringMatching(/^600 100 20/),
    found: expect.stringMatching(/^1 100 20/),
  });
  await rebuildCostDays(sql);
  expect((await listCostMismatches(sql)).some(({ what }) => what === "cost_day")).toBe(false);
});

test("a person's days are closed within an hour after they are over, and the verifier sees a closed one tampered with", async () => {
  const closed = async () =>
    (
      await sql`SELECT (now() AT TIME ZONE 'UTC')::date - day AS ago, call_count,
    unpriced_call_count, cost_micros FROM cost_person_totals WHERE owner_id = ${ownerId} ORDER BY day`
    ).map((row) => ({ ...row }));
  const clock = createFakeClock();
  const stopping = new AbortController();
  const closing = keepClosingDays({ sql, clock, signal: stopping.signal });
  await clock.sleeping();
  expect(await closed()).toEqual([]);

  const days = await sql`SELECT sum(call_count)::int AS count, sum(unpriced_call_count)::int AS unpriced,
    sum(cost_micros)::int AS micros FROM cost_days WHERE owner_id = ${ownerId}`;
  await sql`UPDATE model_calls SET created_at = created_at - interval '2 days'`;
  await sql`UPDATE cost_days SET day = day - 2`;
  const chatId = newId();
  await insertModelCall(sql, { chatId, rootChatId: chatId, ownerId, call: call("step", used(1, 1)) });
  await clock.advance(3_600_000);
  await clock.sleeping();
  const { count, unpriced, micros } = days[0] as Record<string, number>;
  const row = { ago: 2, call_count: count, unpriced_call_count: unpriced, cost_micros: micros };
  expect(await closed()).toEqual([row]);
  stopping.abort();
  await closing;

  const mistaken = async () => (await listCostMismatches(sql)).filter(({ what }) => what === "cost_person_total");
  expect(await mistaken()).toEqual([]);
  await sql`UPDATE cost_person_totals SET call_count = call_count - 1 WHERE owner_id = ${ownerId}`;
  expect(await mistaken()).toHaveLength(1);
});
