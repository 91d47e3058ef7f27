import { expect, test } from "vitest";
import { interruptChat } from "@/lib/chats/interrupt";
import { createTestDaemon, waitFor } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { forEachSpawned, spawn } from "../support/subagent-script";

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/^slow/, reply.text("one two three", { earlyEnd: { type: "hang", afterChunks: 2 } })],
      [/^parent/, byStep([reply.toolCalls([spawn("child")]), forEachSpawned("wait_agent"), reply.text("It said so.")])],
    ],
    reply.text("Hello."),
  ),
});
// Every hint is lost, of every process.
slipway.pubsub.publish = () => {};
await slipway.start();
const lastText = async (chatId: string) => (await slipway.rowsOf(chatId)).at(-1)?.content[0].text;

test("without any hint a chat begins, is stopped, and goes on with what is queued, by looks alone", async () => {
  const { chatId } = await slipway.create("slow");
  await waitFor(() => slipway.model.openReplies() > 0, "the model answers");
  await slipway.send(chatId, "hello");
  await interruptChat(slipway.writer, { chatId, ownerId: slipway.ownerId });
  await slipway.until(chatId, "waiting");
  expect(await lastText(chatId)).toBe("Hello.");
});

test("without any hint a parent hears of its subagent's end", async () => {
  const { chatId } = await slipway.create("parent");
  await slipway.until(chatId, "waiting");
  expect(await lastText(chatId)).toBe("It said so.");
});
