import { expect, test } from "vitest";
import { createSql } from "@/db/connect";
import { findChatState } from "@/db/queries/streams";
import { createTestDatabase } from "../support/database";
import { insertChat, insertUser } from "../support/rows";

const { sql, address } = await createTestDatabase();

test("a chat is read by a plan made once, also where chats are long and their rows far apart", async () => {
  const ownerId = await insertUser(sql);
  const chatIds = await Promise.all(Array.from({ length: 60 }, () => insertChat(sql, { ownerId })));
  await sql`INSERT INTO chat_messages (chat_id, role, content, content_version)
    SELECT id, 'user', '[{"type":"text","text":"some text of a message that is rather short"}]', 1
    FROM generate_series(1, 300) AS at, unnest(${chatIds}::uuid[]) AS id ORDER BY at`;
  await sql`ANALYZE chats, chat_runs, chat_messages`;
  const one = createSql(address, { max: 1 });
  const last = await sql<{ chatId: string; id: number }[]>`
    SELECT chat_id AS "chatId", max(id) AS id FROM chat_messages GROUP BY 1`;
  for (const { chatId, id } of last) await findChatState(one, { chatId, afterId: id - 1, knownQueueVersion: 0 });
  const [plans] = await one<{ custom: number; generic: number }[]>`
    SELECT custom_plans::int AS custom, generic_plans::int AS generic FROM pg_prepared_statements
    WHERE statement LIKE '%lastMessageId%' AND statement NOT LIKE '%pg_prepared_statements%'`;
  await one.end();
  // PostgreSQL plans the first five executions for their values before it compares.
  expect(plans).toEqual({ custom: 5, generic: 55 });
});
