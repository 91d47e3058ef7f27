import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { users } from "@/db/schema";
import { describeError } from "@/lib/describe-error";
import { createTestDatabase } from "../support/database";

const { db, sql } = await createTestDatabase();
const CANARY = "a-canary-that-nobody-may-see";
const row = () => ({ id: randomUUID(), email: `${CANARY}@x.test`, username: CANARY, passwordHash: CANARY });

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => {
      throw new Error("It did not fail.");
    },
    (error: unknown) => error,
  );
}

test("a failed statement is described without its values", async () => {
  await db.insert(users).values(row());
  const described = describeError(await thrownBy(db.insert(users).values(row())));
  expect(described).toMatchObject({
    message: expect.stringMatching(/^Failed query: insert into "users"/),
    cause: { type: "PostgresError", code: "23505" },
  });
  expect(described.stack[0]).toMatch(/^at /);
  expect(JSON.stringify(described)).not.toContain(CANARY);
});

test("a row that breaks a rule is described without its content", async () => {
  const insert = sql`INSERT INTO users (id, email, username, name) VALUES (gen_random_uuid(), ${CANARY}, 'x', NULL)`;
  const described = describeError(await thrownBy(insert));
  expect(described).toMatchObject({ type: "PostgresError", code: "23502" });
  expect(JSON.stringify(described)).not.toContain(CANARY);
});

test("endless causes and things that are no error are described too", () => {
  const error = new Error("a");
  error.cause = error;
  expect(JSON.stringify(describeError(error)).match(/"message":"a"/g)).toHaveLength(5);
  expect(describeError({ password: CANARY })).toEqual({
    type: "object",
    message: "Something that is no Error was thrown.",
    stack: [],
  });
});
