import { expect, test } from "vitest";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";

const CHATS = 60;

const slipway = await createTestDaemon({
  script: reply.text("Hello."),
  variables: { SLIPWAY_WORKER_HEARTBEAT_MS: "2000", SLIPWAY_WORKER_LEASE_MS: "10000" },
});

test("of several workers that race for many chats each chat has one, and is answered once", async () => {
  const contents = Array.from({ length: CHATS }, (_, index) => `chat ${index}`);
  const chats = await Promise.all(contents.map((content) => slipway.create(content)));
  await Promise.all([slipway.start(), slipway.start(), slipway.start(), slipway.start(), slipway.start()]);
  for (const { chatId } of chats) await slipway.until(chatId, "waiting");
  expect(slipway.model.requests.map(({ prompt }) => prompt).sort()).toEqual(contents.sort());
  const [rows] = await slipway.sql`SELECT count(*)::int AS n FROM chat_messages WHERE role = 'assistant'`;
  expect(rows?.n).toBe(CHATS);
});
