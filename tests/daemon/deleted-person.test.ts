import { expect, test } from "vitest";
import { createDatabase } from "@/db/client";
import { deleteAccount } from "@/db/queries/users";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";

const slipway = await createTestDaemon({
  script: reply.text(["Half ", "of it"], { earlyEnd: { type: "hang", afterChunks: 2 } }),
});
const { sql, ownerId } = slipway;

test("the agents of a deleted person are stopped in the middle and archived, and what they cost stays counted", async () => {
  await slipway.start();
  const { chatId } = await slipway.create("Go on");
  await waitFor(() => slipway.model.openReplies() > 0, "the model answers");
  await createDatabase(sql).transaction((tx) => deleteAccount(tx, { userId: ownerId }));
  await waitFor(async () => {
    const [chat] = await sql`SELECT archived FROM chats WHERE id = ${chatId}`;
    return chat?.archived === true;
  }, "the agent is archived");
  await waitFor(() => slipway.model.openReplies() === 0, "the model is not listened to any more");
  const calls =
    await sql`SELECT owner_id, kind FROM model_calls WHERE chat_id = ${chatId} AND kind IN ('step', 'attempt')`;
  expect(calls).toHaveLength(1);
  expect(calls[0]?.owner_id).toBe(ownerId);
});
