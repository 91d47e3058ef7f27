import { setImmediate as nextTick } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { findChatState } from "@/db/queries/streams";
import { systemClock } from "@/lib/clock";
import type { ChatEvent } from "@/lib/contract/events";
import { settleParts } from "@/lib/contract/fold-parts";
import type { Message } from "@/lib/contract/messages";
import { createHintRelay } from "@/lib/hint-relay";
import { createPubSub } from "@/lib/pubsub";
import { createTestDatabase } from "../support/database";
import type { HandRunner } from "../support/hand-runner";
import type { Received, StreamClient } from "../support/stream-client";
import { createStreamWorld } from "../support/stream-world";
import { createStrictViewer } from "../support/strict-viewer";

const database = await createTestDatabase();
const { sql } = database;

function createProcess() {
  const pubsub = createPubSub({ connectRelay: (deliver) => createHintRelay({ sql, clock: systemClock, deliver }) });
  const world = createStreamWorld(database, { pubsub });
  const end = async () => {
    await world.hub.close();
    await pubsub.close();
  };
  afterAll(end);
  return { ...world, sql, end };
}

/** Two servers on one database; the first one runs the chat. */
const processes = [createProcess(), createProcess()];
const [owner, other] = [() => processes[0]!, () => processes[1]!];

/** The owner is gone, the other one takes its chat, and a new process stands beside it. */
async function loseOwner(runner: HandRunner): Promise<void> {
  const [dead, successor] = [owner(), other()];
  await dead.end();
  processes.splice(0, 2, successor, createProcess());
  await runner.die(successor);
}

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

/** What may happen to an answer on its way; mostly nothing. */
const TROUBLES: ((runner: HandRunner) => Promise<void>)[] = [
  (runner) => runner.retry(),
  (runner) => runner.retry(),
  loseOwner,
  (runner) => runner.edit("Fix the other test"),
  async (runner) => {
    await runner.interrupt("This will not");
    await runner.send("Go on");
  },
];

/** Steps of text, calls and results, now and then a failed attempt; everything it said by episode. */
async function work(
  runner: HandRunner,
  goesOn: (step: number) => Promise<boolean>,
  random: (below: number) => number,
): Promise<void> {
  await runner.acquire();
  for (let step = 0; await goesOn(step); step += 1) {
    const trouble = TROUBLES[random(20)];
    if (trouble) {
      runner.say({ type: "text", delta: "This will not be the answer" });
      await pause(random(40));
      await trouble(runner);
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

/** One chat from its first message to its end, while a viewer of either server is cut off `disconnects` times. */
async function liveThrough(seed: number, disconnects: number): Promise<{ resumedParts: number }> {
  const random = createRandom(seed);
  const runner = await owner().newRunner();
  const viewer = createStrictViewer();
  let connections = 0;
  let isWorking = true;
  const pace = async (step: number) => {
    // As many steps as connections, so that most of them fall into live work rather than into catching up.
    while (step > connections) await nextTick();
    return connections < disconnects;
  };
  const working = work(runner, pace, random).finally(() => {
    isWorking = false;
  });
  let lastEventId: string | undefined;
  const look = async (isSeen: (client: StreamClient) => Promise<unknown>) => {
    // Every tenth connection forgets its place, as a new tab does.
    if (random(10) === 0) lastEventId = undefined;
    const cursor = lastEventId;
    const client = await processes[random(2)]!.view(runner, { cursor });
    viewer.connected(cursor !== undefined);
    await isSeen(client);
    await client.disconnect();
    for (const { data } of client.events) viewer.take(data as ChatEvent);
    if (client.events.length > 0) lastEventId = client.events.at(-1)?.id;
  };
  while (isWorking) {
    connections += 1;
    const wanted = 1 + random(12);
    await look(async (client) => {
      await pause(random(30));
      for (let tick = 0; tick < 300 && isWorking && client.events.length < wanted; tick += 1) await nextTick();
    });
  }
  await working;
  const state = await findWholeState(runner.chatId);
  const isLast = ({ data }: Received) => data.type === "status" && data.version === state.version;
  if (viewer.version !== state.version) await look((client) => client.waitFor(isLast));
  expect(viewer.rows).toEqual(state.rows);
  expect(viewer.version).toBe(state.version);
  expect(settleParts(viewer.parts)).toEqual([]);
  expect(connections).toBeGreaterThanOrEqual(disconnects);
  return viewer;
}

async function findWholeState(chatId: string) {
  const rows: Message[] = [];
  for (;;) {
    const state = await findChatState(sql, { chatId, afterId: rows.at(-1)?.id ?? 0, knownQueueVersion: -1 });
    rows.push(...(state?.messages ?? []).map(({ message }) => message));
    if (state?.isComplete !== false) return { rows, version: state?.snapshotVersion };
  }
}

/** `RESUME_DISCONNECTS=10000 RESUME_SEED=7 npx vitest run tests/streams/resume.test.ts` for a long run. */
const DISCONNECTS = Number(process.env.RESUME_DISCONNECTS ?? 200);
const SEED = Number(process.env.RESUME_SEED ?? 20_261_123);
/** A chat's share of them. */
const EACH = 200;

test(
  `${DISCONNECTS} random disconnects from two servers lose nothing, double nothing, and end equal to the database`,
  async () => {
    let resumedParts = 0;
    for (let done = 0; done < DISCONNECTS; done += EACH) {
      const seed = SEED + done;
      const lived = await liveThrough(seed, EACH).catch((error: Error) => {
        throw new Error(`With RESUME_SEED=${seed} RESUME_DISCONNECTS=${EACH}: ${error.message}`, { cause: error });
      });
      resumedParts += lived.resumedParts;
    }
    expect(resumedParts).toBeGreaterThan(DISCONNECTS / 10);
  },
  Math.max(120_000, DISCONNECTS * 200),
);
