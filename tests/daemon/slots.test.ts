import { expect, test } from "vitest";
import { createTestDaemon } from "../support/daemon";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { forEachSpawned, spawn } from "../support/subagent-script";

let atWork = 0;
let mostAtWork = 0;
/** Two subagents work at once. */
let meet = () => {};
const met = new Promise<void>((resolve) => {
  meet = resolve;
});

const slipway = await createTestDaemon({
  script: byPrompt(
    [
      [/^child/, byStep([reply.toolCalls([{ name: "execute", args: { command: "work" } }]), reply.text("Report.")])],
      [
        /parent/,
        byStep([
          reply.toolCalls([spawn("child one"), spawn("child two")]),
          forEachSpawned("wait_agent"),
          reply.text("All done."),
        ]),
      ],
    ],
    reply.text("Hello."),
  ),
  runTool: async () => {
    atWork += 1;
    mostAtWork = Math.max(mostAtWork, atWork);
    if (atWork === 2) meet();
    await met;
    atWork -= 1;
    return { result: "ok", is_error: false };
  },
  variables: { SLIPWAY_MAX_RUNNING: "2", SLIPWAY_WORKER_LEASE_MS: "10000" },
});
await slipway.start();

test("two parents that wait do not starve their four subagents of the only two slots", async () => {
  const parents = await Promise.all([slipway.create("parent a"), slipway.create("parent b")]);
  for (const { chatId } of parents) await slipway.until(chatId, "waiting");
  const children = await slipway.sql`SELECT status FROM chats WHERE parent_chat_id IS NOT NULL`;
  expect(children.map(({ status }) => status)).toEqual(Array(4).fill("completed"));
  expect(mostAtWork).toBe(2);
  // The slots are all there again.
  const { chatId } = await slipway.create("hello");
  await slipway.until(chatId, "waiting");
});
