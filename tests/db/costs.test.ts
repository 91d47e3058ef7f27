/** Sums of ranges and days against the plain record, added up here. */
import { expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { listCostMismatches, rebuildCostDays } from "@/db/queries/cost-verification";
import { getCostSummary, listCostDays, listUserCosts } from "@/db/queries/costs";
import { closeDays, closeNextDay, findOpenDay } from "@/db/queries/person-totals";
import { newId } from "@/lib/ids";
import { dayOf, startOfDay } from "@/lib/zoned-days";
import { createTestDatabase } from "../support/database";
import { createRandom } from "../support/random";
import { insertUser } from "../support/rows";

const { sql } = await createTestDatabase();
const db = createDatabase(sql);
const random = createRandom(6);

type Call = {
  ownerId: string;
  rootChatId: string;
  modelConfigId: string | null;
  costMicros: number | null;
  atMs: number;
};

/** Around both changes of clocks of a year, at quarters of an hour and beside them. */
const FROM_MS = Date.parse("2026-03-20T00:00:00Z");
const MINUTES = 40 * 24 * 60;
const gone = newId();
const owners = [await insertUser(sql, { username: "ada" }), await insertUser(sql, { username: "bob" }), gone];
/** Spends something on a few days alone, for the first time after a while. */
const rare = await insertUser(sql, { username: "cleo" });
const everybody = [...owners, rare];
/** Nobody spends anything. */
const HOLIDAYS = ["2026-04-03", "2026-04-04", "2026-04-05"];
const chats = owners.map(() => [newId(), newId(), newId()]);
const models = [newId(), newId(), null];
const callOf = (ownerId: string, atMs: number): Call => ({
  ownerId,
  rootChatId: newId(),
  modelConfigId: null,
  costMicros: random.below(1_000_000),
  atMs,
});
const rareCalls = [9, 10, 13, 21, 38].map((day) => callOf(rare, FROM_MS + day * 86_400_000 + random.below(86_400_000)));
const regularCalls = Array.from({ length: 3_000 }, (): Call => {
  const owner = random.below(owners.length);
  return {
    ownerId: owners[owner] as string,
    rootChatId: random.pick(chats[owner] as string[]),
    modelConfigId: random.pick(models),
    costMicros: random.chance(0.1) ? null : random.below(1_000_000),
    atMs: FROM_MS + random.below(MINUTES) * 60_000 - (random.chance(0.3) ? 1 : 0),
  };
});
const calls = [...regularCalls, ...rareCalls].filter(({ atMs }) => !HOLIDAYS.includes(dayOf(atMs, "UTC")));
await sql`INSERT INTO model_calls ${sql(
  calls.map((call) => ({
    owner_id: call.ownerId,
    chat_id: call.rootChatId,
    root_chat_id: call.rootChatId,
    model_config_id: call.modelConfigId,
    kind: "step",
    provider: "p",
    model: "m",
    input_tokens: 1,
    cost_micros: call.costMicros,
    created_at: new Date(call.atMs).toISOString(),
  })),
)}`;
await rebuildCostDays(sql);

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "America/Havana",
  "America/Los_Angeles",
  "Asia/Kolkata",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Pacific/Kiritimati",
  "Pacific/Chatham",
  "Africa/Cairo",
];

const within = (ownerId: string, startMs: number, endMs: number | null) =>
  calls.filter((call) => call.ownerId === ownerId && call.atMs >= startMs && (endMs === null || call.atMs < endMs));
const sum = (some: Call[]) => some.reduce((total, { costMicros }) => total + (costMicros ?? 0), 0);
const rangeOf = (startMs: number, endMs: number | null) => ({
  start: new Date(startMs).toISOString(),
  end: endMs === null ? null : new Date(endMs).toISOString(),
});

test.each(ZONES)("days of %s begin and end where its clocks say", async (timeZone) => {
  const ownerId = owners[0] as string;
  const [startMs, endMs] = [startOfDay("2026-03-21", timeZone), startOfDay("2026-04-20", timeZone)];
  const expected = new Map<string, number>();
  for (const call of within(ownerId, startMs, endMs)) {
    const key = `${dayOf(call.atMs, timeZone)} ${call.modelConfigId}`;
    expected.set(key, (expected.get(key) ?? 0) + (call.costMicros ?? 0));
  }
  const days = await listCostDays(db, { ownerId, timeZone, ...rangeOf(startMs, endMs) });
  expect(new Map(days.map((day) => [`${day.day} ${day.model_config_id}`, day.cost_micros]))).toEqual(expected);
});

/** From days before the first call to days after the last; of whole days, or not. */
function randomRange(): { startMs: number; endMs: number | null } {
  const unitMs = random.chance(0.5) ? 86_400_000 : 60_000;
  const [from, length] = [FROM_MS - 5 * 86_400_000, random.pick([1, 3, 50]) * 86_400_000];
  const startMs = from + random.below((50 * 86_400_000) / unitMs) * unitMs;
  return { startMs, endMs: random.chance(0.2) ? null : startMs + random.below(length / unitMs + 1) * unitMs };
}

/** Anew, or on top of what is closed. */
async function closeSomeDays(): Promise<void> {
  if (random.chance(0.3)) await sql`DELETE FROM cost_person_totals`;
  for (let n = random.below(20); n > 0; n--) await closeNextDay(sql);
}

test("sums of any range are those of its calls: of one person, and of everybody with their chats", async () => {
  for (let n = 0; n < 60; n++) {
    const { startMs, endMs } = randomRange();
    const range = rangeOf(startMs, endMs);
    await closeSomeDays();
    const mine = await getCostSummary(db, { ownerId: owners[0] as string, ...range });
    const expected = within(owners[0] as string, startMs, endMs);
    expect(mine, JSON.stringify(range)).toMatchObject({
      total_cost_micros: sum(expected),
      priced_message_count: expected.filter(({ costMicros }) => costMicros !== null).length,
      unpriced_message_count: expected.filter(({ costMicros }) => costMicros === null).length,
      chat_count: new Set(expected.map(({ rootChatId }) => rootChatId)).size,
    });
    const all = everybody.map((ownerId) => within(ownerId, startMs, endMs)).filter((some) => some.length > 0);
    for (const sort of ["-total_cost_micros", "chat_count"]) {
      const { users, totals } = await listUserCosts(db, { ...range, search: undefined, sort, limit: 10, offset: 0 });
      const found = users.map(({ user_id, username, name, avatar_url, deleted, ...figures }) => [user_id, figures]);
      expect(Object.fromEntries(found), `${JSON.stringify(range)} before ${await findOpenDay(db)}`).toEqual(
        Object.fromEntries(all.map((some) => [some[0]?.ownerId, { ...figuresOf(some), chat_count: chatsOf(some) }])),
      );
      expect(totals).toEqual(figuresOf(all.flat()));
    }
  }
});

const figuresOf = (some: Call[]) => ({
  total_cost_micros: sum(some),
  message_count: some.length,
  unpriced_call_count: some.filter(({ costMicros }) => costMicros === null).length,
  total_input_tokens: some.length,
  total_output_tokens: 0,
  total_cache_read_tokens: 0,
  total_cache_creation_tokens: 0,
});
const chatsOf = (some: Call[]) => new Set(some.map(({ rootChatId }) => rootChatId)).size;

test("a day is closed once, whoever else closes days, none by who stops, and all that are closed are what the record says", async () => {
  await sql`DELETE FROM cost_person_totals`;
  for (let n = 0; n < 5; n++) {
    await Promise.all([closeNextDay(sql), closeNextDay(sql), closeNextDay(sql)]);
    expect(await listCostMismatches(sql)).toEqual([]);
  }
  const before = await findOpenDay(db);
  await closeDays(sql, AbortSignal.abort());
  expect(await findOpenDay(db)).toBe(before);
  await Promise.all([closeDays(sql), closeDays(sql)]);
  expect(await listCostMismatches(sql)).toEqual([]);
  const lastMs = Math.max(...calls.map(({ atMs }) => atMs));
  expect(await findOpenDay(db)).toBe(dayOf(lastMs + 86_400_000, "UTC"));
  const rows = await sql`SELECT min(day)::text AS first, count(*)::int AS days, max(call_count)::int AS calls
    FROM cost_person_totals WHERE owner_id = ${rare}`;
  // Each day since the first call has a row, also the days without one.
  expect({ ...rows[0] }).toEqual({ first: "2026-03-29", days: 31, calls: 5 });
});

test("a day that is missing in a person's totals, and one that is too much, are named", async () => {
  await closeDays(sql);
  await sql`DELETE FROM cost_person_totals WHERE owner_id = ${rare} AND day = '2026-04-05'`;
  await sql`INSERT INTO cost_person_totals (owner_id, day) VALUES (${rare}, '2026-03-28')`;
  const keys = (await listCostMismatches(sql)).map(({ what, key }) => `${what} ${key}`);
  expect(keys.sort()).toEqual([`cost_person_total 2026-03-28 ${rare}`, `cost_person_total 2026-04-05 ${rare}`]);
  await rebuildCostDays(sql);
});

test("what a person spent who is no longer there stays in the totals, without a name", async () => {
  const { users } = await listUserCosts(db, {
    ...rangeOf(FROM_MS, null),
    search: undefined,
    sort: "username",
    limit: 10,
    offset: 0,
  });
  expect(users.map(({ user_id, username }) => [user_id === gone, username])).toEqual([
    [true, ""],
    [false, "ada"],
    [false, "bob"],
    [false, "cleo"],
  ]);
});
