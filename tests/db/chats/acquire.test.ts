/** A claim is told to viewers, so that no crash of the database may take it back: versions would go backwards. */
import { expect, onTestFinished, test } from "vitest";
import { createSql } from "@/db/connect";
import { acquireChats } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { newId } from "@/lib/ids";
import { createChatWriter } from "../../support/chat-writer";
import { createTestDatabase } from "../../support/database";

const { sql, address } = await createTestDatabase();
const { writer, ownerId, modelConfigId } = await createChatWriter(sql);

test("a claim is on the disk before anybody hears of it", async () => {
  await createChat(writer, { ownerId, content: "hello", modelConfigId });
  // The cluster of the tests waits for no disk; the connection of this test does, as in service.
  await sql.unsafe(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$",
  );
  const own = createSql(address, { max: 1 });
  onTestFinished(() => own.end());
  const [before] = await own`SELECT pg_current_wal_insert_lsn() AS lsn`;
  expect(await acquireChats({ ...writer, sql: own }, { workerId: newId(), limit: 1 })).toHaveLength(1);
  const [after] = await own`SELECT pg_current_wal_flush_lsn() > ${before!.lsn}::pg_lsn AS "isFlushed"`;
  expect(after).toEqual({ isFlushed: true });
});
