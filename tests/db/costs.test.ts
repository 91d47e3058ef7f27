/** Sums of ranges and days against the plain record, added up here. */
import { expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { rebuildCostDays } from "@/db/queries/cost-verification";
import { getCostSummary, listCostDays, listUserCosts } from "@/db/queries/costs";
import { closePersonDays } from "@/db/queries/person-days";
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
const chats = owners.map(() => [newId(), newId(), newId()]);
const models = [newId(), newId(), null];
const calls = Array.from({ length: 3_000 }, (): Call => {
  const owner = random.below(owners.length);
  return {
    ownerId: owners[owner] as string,
    rootChatId: random.pick(chats[owner] as string[]),
    modelConfigId: random.pick(models),
    costMicros: random.chance(0.1) ? null : random.below(1_000_000),
    atMs: FROM_MS + random.below(MINUTES) * 60_000 - (random.chance(0.3) ? 1 : 0),
  };
});
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

test("sums of any range are those of its calls: of one person, and of everybody with their chats", async () => {
  for (let n = 0; n < 40; n++) {
    const startMs = FROM_MS + random.below(MINUTES) * 60_000;
    const endMs = random.chance(0.2) ? null : startMs + random.below(5) * random.below(3 * 24 * 60) * 60_000;
    const range = rangeOf(startMs, endMs);
    // However many days are closed by then.
    await closePersonDays(sql);
    const openDay = new Date(FROM_MS + random.below(MINUTES) * 60_000).toISOString().slice(0, 10);
    if (random.chance(0.8)) await sql`DELETE FROM cost_person_days WHERE day >= ${openDay}`;
    const mine = await getCostSummary(db, { ownerId: owners[0] as string, ...range });
    const expected = within(owners[0] as string, startMs, endMs);
    expect(mine, JSON.stringify(range)).toMatchObject({
      total_cost_micros: sum(expected),
      priced_message_count: expected.filter(({ costMicros }) => costMicros !== null).length,
      unpriced_message_count: expected.filter(({ costMicros }) => costMicros === null).length,
      chat_count: new Set(expected.map(({ rootChatId }) => rootChatId)).size,
    });
    for (const sort of ["-total_cost_micros", "chat_count"]) {
      const { users, totals } = await listUserCosts(db, { ...range, search: undefined, sort, limit: 10, offset: 0 });
      const all = owners.map((ownerId) => [ownerId, within(ownerId, startMs, endMs)] as const);
      expect(totals.total_cost_micros).toBe(sum(all.flatMap(([, some]) => some)));
      expect(new Map(users.map((user) => [user.user_id, [user.total_cost_micros, user.chat_count]]))).toEqual(
        new Map(
          all
            .filter(([, some]) => some.length > 0)
            .map(([ownerId, some]) => [ownerId, [sum(some), new Set(some.map(({ rootChatId }) => rootChatId)).size]]),
        ),
      );
    }
  }
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
  ]);
});
