import { afterAll, test } from "vitest";
import { createSql } from "@/db/connect";
import { createChatWriter } from "../support/chat-writer";
import { startCommitProxy } from "../support/commit-proxy";
import { createTestDatabase } from "../support/database";
import { runDatabaseSequence } from "./database-sequence";

const { sql, address } = await createTestDatabase();
const proxy = await startCommitProxy(address);
const line = { proxy, sql: createSql(proxy.address, { max: 4 }) };
const people = { ...(await createChatWriter(sql)), line };
afterAll(async () => {
  await line.sql.end({ timeout: 1 });
  await proxy.close();
});

test("a chat in the database equals the reference model after every operation of 200 sequences", async () => {
  for (let seed = 1; seed <= 200; seed++) await runDatabaseSequence(people, seed);
}, 120_000);
