import { readFile } from "node:fs/promises";
import { PassThrough, Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import type { Sql } from "postgres";
import { beforeAll, expect, test } from "vitest";
import { writeBackup } from "@/db/backup";
import type { DatabaseAddress } from "@/db/connect";
import { migrateDatabase } from "@/db/migrate";
import { restoreBackup } from "@/db/restore";
import { seedDatabase } from "@/db/seed";
import { createTestDatabase } from "../support/database";

const folder = fileURLToPath(new URL("../../drizzle", import.meta.url));
const source = await createTestDatabase();
/** What text formats stumble over: tabs, newlines, backslashes, the end mark, other scripts. */
const ODD = "a\tb\nc\\d\r\n\\.\n\\N \u2028 日本 🙂";

const backUp = async (address: DatabaseAddress) => {
  const output = new PassThrough();
  const [bytes] = await Promise.all([
    buffer(output),
    writeBackup({ address, version: "0.1.0", output }).finally(() => output.end()),
  ]);
  return bytes;
};

const restore = (address: DatabaseAddress, bytes: Buffer, pieceBytes = 1_000) =>
  restoreBackup({ address, folder, input: Readable.from(piecesOf(bytes, pieceBytes)) });

function* piecesOf(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function describeContents(sql: Sql): Promise<Record<string, unknown>> {
  const tables = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`;
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    const [row] = await sql`
      SELECT count(*)::int AS count, md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) AS hash FROM ${sql(name)} t`;
    contents[name] = row;
  }
  contents.sequences = await sql`SELECT sequencename, last_value FROM pg_sequences ORDER BY 1`;
  contents.constraints = await sql`
    SELECT conrelid::regclass::text AS of, conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`;
  contents.migrations = await sql`SELECT hash, created_at FROM drizzle.__drizzle_migrations ORDER BY created_at`;
  return contents;
}

beforeAll(async () => {
  await seedDatabase(source.sql, { force: false });
  await source.sql`INSERT INTO settings (key, value) VALUES ('odd', ${JSON.stringify({ text: ODD })}::jsonb)`;
  await source.sql`UPDATE users SET name = ${ODD}`;
  await source.sql`UPDATE chats SET title = '\\.' WHERE id = (SELECT id FROM chats LIMIT 1)`;
});

test.each([1, 7, 65_536])("what is restored equals what was backed up (pieces of %i bytes)", async (pieceBytes) => {
  const target = await createTestDatabase({ template: "empty" });
  const bytes = await backUp(source.address);
  await restore(target.address, bytes, pieceBytes);
  expect(await describeContents(target.sql)).toEqual(await describeContents(source.sql));
});

test("the next id comes after the restored ones", async () => {
  const target = await createTestDatabase({ template: "empty" });
  await restore(target.address, await backUp(source.address));
  const [before] = await target.sql`SELECT max(id) AS id FROM chat_messages`;
  const [next] = await target.sql`SELECT nextval('chat_message_id_seq') AS id`;
  expect(next?.id).toBeGreaterThan(before?.id);
});

test("a backup is one snapshot, also while others write", async () => {
  const output = new PassThrough({ highWaterMark: 1 });
  const written = writeBackup({ address: source.address, version: "0.1.0", output }).finally(() => output.end());
  // The header comes from inside the snapshot, and nobody has read the rest.
  await new Promise((resolve) => output.once("readable", resolve));
  await source.sql`INSERT INTO settings (key, value) VALUES ('later', '1')`;
  const bytes = await buffer(output);
  await written;
  expect(bytes.toString()).not.toContain("later");
  await source.sql`DELETE FROM settings WHERE key = 'later'`;
});

test("a database that holds rows is refused and left alone", async () => {
  const before = await describeContents(source.sql);
  const bytes = await backUp(source.address);
  await expect(restore(source.address, bytes)).rejects.toThrow(/is not empty: \w+ has rows/);
  expect(await describeContents(source.sql)).toEqual(before);
});

test("a damaged backup leaves an empty database, which takes the whole one afterwards", async () => {
  const target = await createTestDatabase({ template: "empty" });
  const bytes = await backUp(source.address);
  const rowsOf = async () => (await target.sql`SELECT count(*)::int AS count FROM chats`)[0]?.count;
  for (const share of [0.3, 0.6, 0.99]) {
    const cut = bytes.subarray(0, Math.floor(bytes.length * share));
    await expect(restore(target.address, cut)).rejects.toThrow(/cut off/);
    expect(await rowsOf()).toBe(0);
  }
  await expect(restore(target.address, Buffer.from("something else\n"))).rejects.toThrow("not a backup of Slipway");
  await restore(target.address, bytes);
  expect(await describeContents(target.sql)).toEqual(await describeContents(source.sql));
});

test("a backup of an older schema is brought to this version's, one of a newer is refused", async () => {
  const { entries } = JSON.parse(await readFile(`${folder}/meta/_journal.json`, "utf8"));
  const old = await createTestDatabase({ template: "empty" });
  await migrateDatabase({ address: old.address, folder, through: entries[0].when });
  await old.sql`INSERT INTO users (id, email, username) VALUES (gen_random_uuid(), 'old@example.test', 'old')`;
  const target = await createTestDatabase({ template: "empty" });
  await restore(target.address, await backUp(old.address));
  expect(await target.sql`SELECT username, suspended FROM users`).toEqual([{ username: "old", suspended: false }]);
  const bytes = await backUp(source.address);
  const newer = Buffer.from(
    bytes.toString("latin1").replace(/"migration":\d+/, '"migration":99999999999999'),
    "latin1",
  );
  const third = await createTestDatabase({ template: "empty" });
  await expect(restore(third.address, newer)).rejects.toThrow("newer version of Slipway");
});
