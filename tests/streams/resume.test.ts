import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { findChatState } from "@/db/queries/streams";
import type { ChatEvent } from "@/lib/contract/events";
import { settleParts } from "@/lib/contract/fold-parts";
import { createTestDatabase } from "../support/database";
import type { HandRunner } from "../support/hand-runner";
import { createStreamWorld } from "../support/stream-world";
import { createStrictViewer } from "../support/strict-viewer";

const database = await createTestDatabase();
const { sql } = database;
const world = createStreamWorld(database);

/** A small deterministic generator, so that a failure can be repeated. */
function createRandom(seed: number) {
  let state = seed;
  return (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pause = async (ticks: number) => {
  for (let i = 0; i < ticks; i += 1) await nextTick();
};

/** Steps of text, calls and results, now and then a failed attempt; everything it said by episode. */
async function work(runner: HandRunner, steps: number, random: (below: number) => number): Promise<void> {
  await runner.acquire();
  for (let step = 0; step < steps; step += 1) {
    if (random(5) === 0) {
      runner.say({ type: "text", delta: "This attempt will fail" });
      await pause(random(40));
      await runner.retry();
    }
    let text = "";
    for (let i = random(30); i >= 0; i -= 1) {
      const delta = `word${step}.${i} `;
      text += delta;
      runner.say({ type: "text", delta });
      await pause(random(60));
    }
    const callId = `call-${step}`;
    runner.say({ type: "tool-call", tool_call_id: callId, tool_name: "execute", args_delta: '{"command":' });
    await pause(random(20));
    runner.say({ type: "tool-call", tool_call_id: callId, tool_name: "execute", args_delta: '"true"}' });
    await runner.commitAnswer([
      { type: "text", text },
      { type: "tool-call", tool_call_id: callId, tool_name: "execute", args: { command: "true" } },
    ]);
    for (let i = random(10); i >= 0; i -= 1) {
      runner.say({ type: "tool-result", tool_call_id: callId, tool_name: "execute", result_delta: `line ${i}\n` });
      await pause(random(40));
    }
    const result = {
      type: "tool-result",
      tool_call_id: callId,
      tool_name: "execute",
      result: "ok",
      is_error: false,
    } as const;
    runner.say(result);
    await pause(random(20));
    await runner.commitResults([result]);
  }
  await runner.commitAnswer([{ type: "text", text: "Done." }]);
  await runner.finish();
}

/** `RESUME_DISCONNECTS=10000 RESUME_SEED=7 npx vitest run tests/streams/resume.test.ts` for a long run. */
const DISCONNECTS = Number(process.env.RESUME_DISCONNECTS ?? 200);
const SEED = Number(process.env.RESUME_SEED ?? 20_261_123);

test(
  `${DISCONNECTS} random disconnects lose nothing, double nothing, and end equal to the database`,
  async () => {
    const random = createRandom(SEED);
    const runner = await world.newRunner();
    const viewer = createStrictViewer();
    let isWorking = true;
    const working = work(runner, Math.ceil(DISCONNECTS * 0.3), random).finally(() => {
      isWorking = false;
    });
    let lastEventId: string | undefined;
    let connections = 0;
    const isAtEnd = () => !isWorking && viewer.status === "waiting";
    while (!isAtEnd() || connections < DISCONNECTS) {
      connections += 1;
      // Every tenth connection forgets its place, as a new tab does.
      if (random(10) === 0) lastEventId = undefined;
      const cursor = lastEventId;
      const client = await world.view(runner, { cursor });
      viewer.connected(cursor !== undefined);
      const wanted = isWorking ? 1 + random(12) : 1;
      await pause(random(30));
      if (isWorking)
        await Promise.race([client.waitFor(() => client.events.length >= wanted), working]).catch(() => undefined);
      else await pause(50);
      await client.disconnect();
      for (const { data } of client.events) viewer.take(data as ChatEvent);
      if (client.events.length > 0) lastEventId = client.events.at(-1)?.id;
    }
    await working;

    const state = await findChatState(sql, { chatId: runner.chatId, afterId: 0, knownQueueVersion: -1 });
    const rows = [...(state?.messages ?? [])];
    while (rows.length > 0 && !state?.isComplete && rows.length % 100 === 0) {
      const more = await findChatState(sql, {
        chatId: runner.chatId,
        afterId: rows.at(-1)?.message.id ?? 0,
        knownQueueVersion: -1,
      });
      rows.push(...(more?.messages ?? []));
      if (more?.isComplete) break;
    }
    expect(viewer.rows).toEqual(rows.map(({ message }) => message));
    expect(viewer.version).toBe(state?.snapshotVersion);
    expect(settleParts(viewer.parts)).toEqual([]);
    expect(connections).toBeGreaterThanOrEqual(DISCONNECTS);
    expect(viewer.resumedParts).toBeGreaterThan(20);
  },
  Math.max(30_000, DISCONNECTS * 200),
);
