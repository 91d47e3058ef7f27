import { expect, test } from "vitest";
import { insertMessage } from "@/db/queries/chat-transition";
import { archiveChat } from "@/lib/chats/archive";
import { createChat } from "@/lib/chats/create-chat";
import { createChatWriter } from "../../support/chat-writer";
import { waitFor } from "../../support/daemon";
import { countLockWaits, createTestDatabase } from "../../support/database";

const { sql } = await createTestDatabase();
const { writer, ownerId, modelConfigId, otherModelId } = await createChatWriter(sql);

test("archiving waits for a commit of the agent, and neither ends the other", async () => {
  const { chatId } = await createChat(writer, { ownerId, content: "Go on", modelConfigId });
  await sql`UPDATE chats SET status = 'waiting' WHERE id = ${chatId}`;
  let archiving: Promise<void> | undefined;
  await sql.begin(async (tx) => {
    await tx`SELECT FROM chat_runs WHERE chat_id = ${chatId} FOR UPDATE`;
    archiving = archiveChat(writer, { chatId, ownerId });
    await waitFor(async () => (await countLockWaits(sql)) === 1, "archiving waits");
    const message = { chatId, historyVersion: 9, role: "assistant" as const, parts: [] };
    await insertMessage(tx, { ...message, modelConfigId: otherModelId });
  });
  await archiving;
  expect(await sql`SELECT archived, last_model_config_id FROM chats WHERE id = ${chatId}`).toEqual([
    { archived: true, last_model_config_id: otherModelId },
  ]);
});
