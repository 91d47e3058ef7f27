import { expect, test } from "vitest";
import { users } from "@/db/schema";
import { newId } from "@/lib/ids";
import { createTestDatabase } from "../support/database";

const { db } = await createTestDatabase();

test("a test file has a migrated database of its own", async () => {
  await db.insert(users).values({ id: newId(), email: "ada@example.com", username: "ada" });
  const rows = await db.select().from(users);
  expect(rows.map((row) => row.username)).toEqual(["ada"]);
});
