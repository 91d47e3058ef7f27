import { test } from "vitest";
import { createDatabase } from "@/db/client";
import { searchChats } from "@/db/queries/chat-search";
import { emptyChatFilter } from "@/lib/contract/chat-filter";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt } from "../support/model-script";

const slipway = await createTestDaemon({ script: byPrompt([], reply.text("An answer about ptarmigans.")) });
const db = createDatabase(slipway.sql);
const found = async (word: string) =>
  (await searchChats(db, { ownerId: slipway.ownerId, filter: { ...emptyChatFilter(), words: [word] }, limit: 20 })).map(
    (hit) => hit.chat.id,
  );

test("the newest message is found within seconds, and one from before the daemon started as well", async () => {
  const before = await slipway.create("something about capercaillies");
  await slipway.start();
  await slipway.until(before.chatId, "waiting");
  await waitFor(async () => (await found("capercaillie")).length > 0, "the old message is found");
  await waitFor(async () => (await found("ptarmigan")).includes(before.chatId), "the answer is found");
  const { chatId } = await slipway.create("and about wheatears");
  await waitFor(async () => (await found("wheatear")).includes(chatId), "the new message is found");
});
