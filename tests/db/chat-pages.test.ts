/** Walks of the list while its rows move: random ones, from seeds that a failure names. */
import { expect, test } from "vitest";
import { listChats } from "@/db/queries/chats";
import { createTestDatabase } from "../support/database";
import { insertUser } from "../support/rows";

const { sql, db } = await createTestDatabase();
const CHATS = 120;
const SEEDS = Array.from({ length: 12 }, (_, seed) => seed + 1);

/** A generator of whole numbers below its argument; the same for the same seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return state % below;
  };
}

/** Roots whose times tie in groups of up to eight, microseconds apart from the next group; a few are pinned. */
async function seedChats(random: (below: number) => number): Promise<{ ownerId: string; ids: string[] }> {
  const ownerId = await insertUser(sql);
  const groups = 1 + random(40);
  const ids: string[] = [];
  for (let index = 0; index < CHATS; index += 1) {
    const [row] = await sql<{ id: string }[]>`
      INSERT INTO chats (id, owner_id, title, status, pin_order, updated_at)
      VALUES (gen_random_uuid(), ${ownerId}, ${`chat ${index}`}, 'waiting', ${random(12) === 0 ? 1 + random(3) : 0},
        '2026-02-01T00:00:00Z'::timestamptz + ${random(groups)} * interval '1 microsecond')
      RETURNING id`;
    ids.push(row!.id);
  }
  return { ownerId, ids };
}

/** Reads page after page to the end; `between` runs after each page with its last id. */
async function walk(
  options: { ownerId: string; limit: number },
  between: (cursor: string) => Promise<void>,
): Promise<string[]> {
  const walked: string[] = [];
  for (;;) {
    const page = await listChats(db, { ...options, afterId: walked.at(-1) });
    if (page.length === 0) return walked;
    walked.push(...page.map((chat) => chat.id));
    await between(walked.at(-1)!);
  }
}

const touch = (ids: string[]) => sql`UPDATE chats SET updated_at = clock_timestamp() WHERE id = ANY(${ids}::uuid[])`;

test.each(SEEDS)(
  "rows that move up between pages are skipped nowhere else, and none repeats (seed %i)",
  async (seed) => {
    const random = createRandom(seed);
    const { ownerId, ids } = await seedChats(random);
    const moved = new Set<string>();
    const walked = await walk({ ownerId, limit: 1 + random(17) }, async (cursor) => {
      const up = ids.filter((id) => id !== cursor && random(25) === 0);
      for (const id of up) moved.add(id);
      await touch(up);
    });
    expect(new Set(walked).size).toBe(walked.length);
    const missed = ids.filter((id) => !walked.includes(id));
    // What was not seen moved up, and is found on page one.
    expect(missed.filter((id) => !moved.has(id))).toEqual([]);
    const again = await walk({ ownerId, limit: 200 }, async () => {});
    expect([...again].sort()).toEqual([...ids].sort());
  },
);

test.each(SEEDS)("rows that move while pages are read, cursors too, are never skipped (seed %i)", async (seed) => {
  const random = createRandom(seed + 100);
  const { ownerId, ids } = await seedChats(random);
  const moved = new Set<string>();
  let isWalking = true;
  const mover = (async () => {
    // Bounded: a cursor that moves up starts the walk again from the top.
    for (let round = 0; isWalking && round < 40; round += 1) {
      const up = ids.filter(() => random(60) === 0);
      for (const id of up) moved.add(id);
      await touch(up);
    }
  })();
  const walked = await walk({ ownerId, limit: 1 + random(17) }, async () => {});
  isWalking = false;
  await mover;
  const missed = ids.filter((id) => !walked.includes(id));
  expect(missed.filter((id) => !moved.has(id))).toEqual([]);
});

test("a page by offset is the same slice as of the whole list, pinned ones included", async () => {
  const random = createRandom(7);
  const { ownerId } = await seedChats(random);
  const whole = (await listChats(db, { ownerId, limit: 200 })).map((chat) => chat.id);
  for (let offset = 0; offset <= CHATS; offset += 1 + random(9)) {
    const limit = 1 + random(30);
    const page = await listChats(db, { ownerId, limit, offset });
    expect(page.map((chat) => chat.id)).toEqual(whole.slice(offset, offset + limit));
    const cursor = whole[random(CHATS)]!;
    const after = await listChats(db, { ownerId, limit, offset, afterId: cursor });
    const start = whole.indexOf(cursor) + 1 + offset;
    expect(after.map((chat) => chat.id)).toEqual(whole.slice(start, start + limit));
  }
});
