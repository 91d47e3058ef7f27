import { test } from "vitest";
import { createChatWriter } from "../support/chat-writer";
import { createTestDatabase } from "../support/database";
import { runDatabaseSequence } from "./database-sequence";

const { sql } = await createTestDatabase();
const people = await createChatWriter(sql);

test("a chat in the database equals the reference model after every operation of 200 sequences", async () => {
  for (let seed = 1; seed <= 200; seed++) await runDatabaseSequence(people, seed);
}, 120_000);
