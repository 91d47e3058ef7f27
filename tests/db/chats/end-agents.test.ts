import { expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { deleteAccount, listEndingUsers } from "@/db/queries/users";
import { acquireChats } from "@/lib/chats/acquire";
import { createChat } from "@/lib/chats/create-chat";
import { endAgentsOfDeleted } from "@/lib/chats/end-agents";
import { commitAnswer, finishInterruption, finishTurn } from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { createChatWriter } from "../../support/chat-writer";
import { createTestDatabase } from "../../support/database";
import { registerWorker } from "../../support/rows";

const { sql } = await createTestDatabase();
const { writer, ownerId, modelConfigId } = await createChatWriter(sql);
const { ownerId: otherId } = await createChatWriter(sql);
const create = async (owner = ownerId) =>
  (await createChat(writer, { ownerId: owner, content: "Go on", modelConfigId })).chatId;
const chatsOf = (owner: string) => sql<{ id: string; status: string; archived: boolean; queued: number }[]>`
  SELECT id, status, archived, (SELECT count(*)::int FROM chat_queued_messages q WHERE q.chat_id = c.id) AS queued
  FROM chats c WHERE owner_id = ${owner}`;

test("a deleted person's agents stop, lose what waits and are archived, and nobody else's", async () => {
  const idle = await create();
  const [first] = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 1 });
  await finishTurn(writer, { chatId: idle, fence: { runnerId: first?.runnerId ?? "" } });
  const running = await create();
  const [run] = await acquireChats(writer, { workerId: await registerWorker(sql), limit: 1 });
  const fence = { runnerId: run?.runnerId ?? "" };
  await sendMessage(writer, { chatId: running, ownerId, content: "And then this", busyBehavior: "queue" });
  const [pending, foreign] = [await create(), await create(otherId)];
  await createDatabase(sql).transaction((tx) => deleteAccount(tx, { userId: ownerId }));

  await endAgentsOfDeleted(writer);
  const states = new Map((await chatsOf(ownerId)).map((chat) => [chat.id, chat]));
  expect(states.get(idle)).toMatchObject({ status: "waiting", archived: true });
  expect(states.get(pending)).toMatchObject({ status: "waiting", archived: true });
  expect(states.get(running)).toMatchObject({ status: "interrupting", archived: false, queued: 0 });
  const answer = { parts: [{ type: "text" as const, text: "x" }], modelConfigId, runtimeMs: 1, call: null };
  await expect(commitAnswer(writer, { chatId: running, fence, answer })).rejects.toThrow();

  await finishInterruption(writer, { chatId: running, fence, partial: null, results: [] });
  await endAgentsOfDeleted(writer);
  expect((await chatsOf(ownerId)).every(({ archived }) => archived)).toBe(true);
  expect(await chatsOf(otherId)).toMatchObject([{ id: foreign, status: "pending", archived: false }]);
});

test("a request that was let in before the deletion leaves no agent, and the deletion ends after it", async () => {
  const late = await create();
  await endAgentsOfDeleted(writer);
  expect((await chatsOf(ownerId)).find(({ id }) => id === late)).toMatchObject({ status: "waiting", archived: true });
  await endAgentsOfDeleted(writer);
  expect(await listEndingUsers(sql)).toEqual([{ userId: ownerId, isOver: false }]);
  await sql`UPDATE users SET deleted_at = now() - interval '1 hour' WHERE id = ${ownerId}`;
  await endAgentsOfDeleted(writer);
  expect(await listEndingUsers(sql)).toEqual([]);
});
