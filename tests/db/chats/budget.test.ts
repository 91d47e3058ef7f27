import { expect, onTestFinished, test } from "vitest";
import { createSql } from "@/db/connect";
import { checkSpending } from "@/lib/chats/budget";
import { countLockWaits, createTestDatabase } from "../../support/database";
import { insertUser } from "../../support/rows";

const { sql, address } = await createTestDatabase();

test("a check whose connection is lost is asked again, and is no failed check", async () => {
  const ownerId = await insertUser(sql, { username: "ada" });
  const own = createSql(address, { max: 1 });
  onTestFinished(() => own.end());
  const [backend] = await own`SELECT pg_backend_pid() AS pid`;
  const check = await sql.begin(async (tx) => {
    await tx`LOCK TABLE usage_limits IN ACCESS EXCLUSIVE MODE`;
    const checking = checkSpending(own, { ownerId, chatId: null });
    await expect.poll(() => countLockWaits(sql)).toBe(1);
    await sql`SELECT pg_terminate_backend(${backend!.pid}::int)`;
    await expect.poll(() => countLockWaits(sql)).toBe(0);
    return { checking };
  });
  expect(await check.checking).toEqual({ result: "allowed" });
});
