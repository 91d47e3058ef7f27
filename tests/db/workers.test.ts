import { randomInt } from "node:crypto";
import { beforeAll, expect, test } from "vitest";
import { deleteWorkersOfOtherBoots, insertWorker, lookAround, updateHeartbeat } from "@/db/queries/workers";
import { holdSessionLock } from "@/db/session-lock";
import { newId } from "@/lib/ids";
import { createTestDatabase } from "../support/database";
import { insertChat, insertUser, registerWorker } from "../support/rows";

const { sql } = await createTestDatabase();
const ownerId = await insertUser(sql);

/** Short, so that the server's start is longer ago; the rule is the same for ten seconds. */
const LEASE_MS = 2_000;
/** The database has run for less than this: as after a restart. */
const LONGER_THAN_UPTIME_MS = 365 * 24 * 3_600_000;

const me = await worker();
const look = (leaseMs = LEASE_MS) => lookAround(sql, { workerId: me, leaseMs, runnerIds: [] });
const exists = async (id: string) => (await sql`SELECT 1 FROM workers WHERE id = ${id}`).length === 1;

/** A worker whose last beat is that old, and whose session lock nobody holds unless the test does. */
async function worker({ ageMs = 0, lockKey = randomInt(2 ** 40) } = {}): Promise<string> {
  const id = await registerWorker(sql, { lockKey });
  await sql`UPDATE workers SET heartbeat_at = clock_timestamp() - ${ageMs} * interval '1 millisecond' WHERE id = ${id}`;
  return id;
}

/** A running chat of that worker. */
async function runOf(workerId: string): Promise<string> {
  const chatId = await insertChat(sql, { ownerId, status: "running" });
  await sql`UPDATE chat_runs SET worker_id = ${workerId}, runner_id = ${newId()} WHERE chat_id = ${chatId}`;
  return chatId;
}

// The cluster of the tests may just have been started: what is measured begins one lease after that.
beforeAll(async () => {
  const hasRun = async () => (await sql`SELECT clock_timestamp() - pg_postmaster_start_time() > '3 s' AS ok`)[0]?.ok;
  while (!(await hasRun())) await sql`SELECT pg_sleep(0.1)`;
});

test("a worker that is silent for its lease is dead by the database's clock, one beat earlier it is not", async () => {
  const [late, silent] = [await worker({ ageMs: LEASE_MS - 500 }), await worker({ ageMs: LEASE_MS + 1 })];
  const chats = { late: await runOf(late), silent: await runOf(silent) };
  const { orphans } = await look();
  expect(orphans.map(({ chatId }) => chatId)).toEqual([chats.silent]);
  expect([await exists(late), await exists(silent)]).toEqual([true, false]);
  expect(await updateHeartbeat(sql, { id: silent })).toBe(false);
});

test("within one lease of the database's start nobody is dead, however old the heartbeats look", async () => {
  const silent = await worker({ ageMs: 3_600_000 });
  const chatId = await runOf(silent);
  const { orphans, unlocked } = await look(LONGER_THAN_UPTIME_MS);
  expect(orphans.map((orphan) => orphan.chatId)).not.toContain(chatId);
  expect(unlocked).toEqual([]);
  expect(await exists(silent)).toBe(true);
  expect((await look()).orphans.map((orphan) => orphan.chatId)).toContain(chatId);
});

test("heartbeats survive a crash of the database: their table is logged", async () => {
  const [table] = await sql`SELECT relpersistence FROM pg_class WHERE relname = 'workers'`;
  expect(table?.relpersistence).toBe("p");
});

test("a worker whose session lock is gone is told apart from one that holds it, without taking either", async () => {
  const key = 2 ** 40 + 7;
  const [alive, gone] = [await worker({ lockKey: key }), await worker({ lockKey: key + 1 })];
  const lock = await holdSessionLock(sql, { key });
  const first = (await look()).unlocked;
  expect(first).toContain(gone);
  expect(first).not.toContain(alive);
  await lock.close();
  await expect.poll(async () => (await look()).unlocked).toContain(alive);
});

test("of an embedded database the workers of earlier boots are dead at once, those of other installations are not", async () => {
  const [installId, bootId] = [newId(), newId()];
  const [earlier, now, foreign] = [newId(), newId(), await worker()];
  await insertWorker(sql, { id: earlier, installId, bootId: newId(), version: "test", lockKey: 91 });
  await insertWorker(sql, { id: now, installId, bootId, version: "test", lockKey: 92 });
  expect(await deleteWorkersOfOtherBoots(sql, { installId, bootId })).toBe(1);
  expect([await exists(earlier), await exists(now), await exists(foreign)]).toEqual([false, true, true]);
});
