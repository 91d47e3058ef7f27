import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { migrateDatabase } from "@/db/migrate";
import { createTestDatabase } from "../support/database";

const folder = fileURLToPath(new URL("../../drizzle", import.meta.url));
const { address, sql } = await createTestDatabase({ template: "empty" });

test("processes that migrate at the same time all succeed", async () => {
  await Promise.all([1, 2, 3].map(() => migrateDatabase({ address, folder })));
  const [row] = await sql<{ name: string | null }[]>`SELECT to_regclass('chats')::text AS name`;
  expect(row?.name).toBe("chats");
});

test("migrating a database that is up to date changes nothing", async () => {
  await migrateDatabase({ address, folder });
});

test("a database of a newer version is refused", async () => {
  await sql`INSERT INTO drizzle.__drizzle_migrations (hash, created_at) VALUES ('of the future', 99999999999999)`;
  await expect(migrateDatabase({ address, folder })).rejects.toThrow("newer version of Slipway");
});
