/** Who may claim a chat, and when a claim is told. */
import { expect, onTestFinished, test, vi } from "vitest";
import { createSql } from "@/db/connect";
import { acquireChats } from "@/lib/chats/acquire";
import { createClaims } from "@/lib/chats/claims";
import { createChat } from "@/lib/chats/create-chat";
import { finishTurn } from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { newId } from "@/lib/ids";
import { createChatWriter } from "../../support/chat-writer";
import { createTestDatabase } from "../../support/database";
import { registerWorker } from "../../support/rows";

const { sql, address } = await createTestDatabase();
const { writer, ownerId, modelConfigId } = await createChatWriter(sql);

test("a claim is on the disk before anybody hears of it: versions would go backwards", async () => {
  await createChat(writer, { ownerId, content: "hello", modelConfigId });
  // The cluster of the tests waits for no disk; the connection of this test does, as in service.
  await sql.unsafe(
    "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = on', current_database()); END $$",
  );
  const own = createSql(address, { max: 1 });
  onTestFinished(() => own.end());
  const [before] = await own`SELECT pg_current_wal_insert_lsn() AS lsn`;
  expect(await acquireChats({ ...writer, sql: own }, { workerId: await registerWorker(sql), limit: 1 })).toHaveLength(
    1,
  );
  const [after] = await own`SELECT pg_current_wal_flush_lsn() > ${before!.lsn}::pg_lsn AS "isFlushed"`;
  expect(after).toEqual({ isFlushed: true });
});

test("a worker that was taken for dead claims nothing, neither what waits nor with a message", async () => {
  const { chatId } = await createChat(writer, { ownerId, content: "hello", modelConfigId });
  const workerId = newId();
  expect(await acquireChats(writer, { workerId, limit: 1 })).toEqual([]);
  const claims = createClaims();
  const start = vi.fn();
  const release = vi.fn();
  claims.offer(() => ({ workerId, runnerId: newId(), knownPrompt: () => undefined, start, release }));
  const [run] = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 1 });
  await finishTurn(writer, { chatId, fence: { runnerId: run!.runnerId } });
  await sendMessage({ ...writer, claims }, { chatId, ownerId, content: "go on", busyBehavior: "queue" });
  expect(await sql`SELECT status, worker_id FROM chats JOIN chat_runs ON chat_id = id WHERE id = ${chatId}`).toEqual([
    { status: "pending", worker_id: null },
  ]);
  expect([start.mock.calls.length, release.mock.calls.length]).toEqual([0, 1]);
});
