import { expect, test } from "vitest";
import { throughJsonb, toJsonb } from "@/db/json";
import { type ChatState, findChatState, toMicroseconds } from "@/db/queries/streams";
import { createClaims } from "@/lib/chats/claims";
import { clearChat } from "@/lib/chats/clear";
import { interruptChat } from "@/lib/chats/interrupt";
import {
  beginAttempt,
  commitAnswer,
  commitResults,
  failTurn,
  finishInterruption,
  finishTurn,
  pauseForPerson,
  reapRun,
  recordAttempt,
  requeue,
} from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { submitToolResults } from "@/lib/chats/tool-results";
import { newId } from "@/lib/ids";
import type { ChatNews } from "@/lib/pubsub";
import { countStatements } from "../support/count-statements";
import { createTestDatabase } from "../support/database";
import type { HandRunner } from "../support/hand-runner";
import { createRandom, type Random } from "../support/random";
import { insertModelConfig, registerWorker } from "../support/rows";
import { createStreamWorld, isType, statusIs } from "../support/stream-world";

const database = await createTestDatabase();
const { sql } = database;
const world = createStreamWorld(database);
const { pubsub } = world;
const writer = { sql, pubsub };
const modelConfigId = await insertModelConfig(sql);

const CALL = { type: "tool-call", tool_call_id: "c1", tool_name: "execute", args: {} } as const;
const RESULT = {
  type: "tool-result",
  tool_call_id: "c1",
  tool_name: "execute",
  result: "ok",
  is_error: false,
} as const;
const PRICES = {
  input_price_per_million: "3",
  output_price_per_million: "15",
  cache_read_price_per_million: null,
  cache_write_price_per_million: null,
  cache_write_hour_price_per_million: null,
};
const PAID = {
  kind: "step" as const,
  modelConfigId,
  provider: "anthropic",
  model: "m",
  usage: {
    output_tokens: 34,
    input_tokens: 12,
    cache_read_tokens: null,
    cache_creation_tokens: 0,
    reasoning_tokens: null,
  },
  prices: PRICES,
  tierAboveTokens: null,
  costMicros: 546,
};
const ERROR = {
  retryable: false,
  message: "The key was \0 refused.",
  kind: "auth",
  detail: null,
  status_code: 401,
  provider: "anthropic",
} as const;
const RETRY = {
  retrying_at: "2026-11-28T00:00:00.000Z",
  message: "Too many \ud83d.",
  kind: "rate_limit",
  attempt: 1,
  delay_ms: 1_000,
  provider: "anthropic",
  status_code: 429,
} as const;

const textOf = (text: string) => ({ type: "text", text }) as const;
const answer = (parts: Parameters<typeof commitAnswer>[1]["answer"]["parts"], call: typeof PAID | null = null) => ({
  parts,
  modelConfigId,
  runtimeMs: 1,
  call,
});

type Act = () => Promise<unknown>;
type Case = [name: string, prepare: (runner: HandRunner) => Promise<Act>];

const of = (runner: HandRunner) => ({ chatId: runner.chatId, fence: runner.fence() });
const send = (runner: HandRunner, busyBehavior: "queue" | "interrupt" = "queue", rest: object = {}) =>
  sendMessage(writer, { chatId: runner.chatId, ownerId: runner.ownerId, content: "And this.", busyBehavior, ...rest });
/** Prepares a running chat. */
const running =
  (act: (runner: HandRunner) => Promise<unknown>): Case[1] =>
  async (runner) => {
    await runner.acquire();
    return () => act(runner);
  };
/** Prepares an idle one. */
const idle =
  (act: (runner: HandRunner) => Promise<unknown>): Case[1] =>
  async (runner) => {
    await runner.acquire();
    await finishTurn(writer, { ...of(runner), answer: answer([textOf("Done.")]) });
    return () => act(runner);
  };

const TOLD: Case[] = [
  ["a chat is acquired", async (runner) => runner.acquire],
  ["a person sends to an idle chat", idle((runner) => send(runner))],
  [
    "a person sends to an idle chat with another model, named in capitals",
    idle((runner) => send(runner, "queue", { modelConfigId: modelConfigId.toUpperCase() })),
  ],
  [
    "a person sends, and the chat is claimed at once",
    idle(async (runner) => {
      const claims = createClaims();
      const ids = { workerId: await registerWorker(sql), runnerId: newId() };
      const slot = { ...ids, knownPrompt: () => undefined, start: () => {}, release: () => {} };
      claims.offer(() => slot);
      const target = { chatId: runner.chatId, ownerId: runner.ownerId, content: "And this." };
      return sendMessage({ ...writer, claims }, { ...target, busyBehavior: "queue", mustAfford: true });
    }),
  ],
  [
    "a person sends to a chat that failed with open calls",
    async (runner) => {
      await runner.acquire();
      await commitAnswer(writer, { ...of(runner), answer: answer([CALL]) });
      await failTurn(writer, { ...of(runner), error: ERROR, call: null });
      return () => send(runner);
    },
  ],
  [
    "an answer is committed",
    running((runner) => commitAnswer(writer, { ...of(runner), answer: answer([CALL], PAID) })),
  ],
  [
    "an answer of odd JSON is committed",
    running((runner) => {
      const args = {
        longest: 1e-7,
        b: 1e21,
        "\u00e4": "\ud83d",
        a: ["\0", { zz: 1.5, y: null, 10: "ten", 2: "two", __proto: {} }],
        absent: undefined,
        zero: -0,
      };
      const provider = { provider_metadata: { x: { signature: "s" } }, provider_tool_call_id: "p" };
      return commitAnswer(writer, { ...of(runner), answer: answer([{ ...provider, ...CALL, args }]) });
    }),
  ],
  [
    "results are committed",
    async (runner) => {
      await runner.acquire();
      await commitAnswer(writer, { ...of(runner), answer: answer([CALL]) });
      return () => commitResults(writer, { ...of(runner), parts: [{ ...RESULT, result: { b: 1, a: [null] } }] });
    },
  ],
  ["an attempt fails", running((runner) => recordAttempt(writer, { ...of(runner), retry: RETRY, call: null }))],
  [
    "the next attempt begins",
    async (runner) => {
      await runner.acquire();
      await recordAttempt(writer, { ...of(runner), retry: RETRY, call: null });
      return () => beginAttempt(writer, of(runner));
    },
  ],
  [
    "an attempt fails for the second time",
    async (runner) => {
      await runner.acquire();
      await recordAttempt(writer, { ...of(runner), retry: RETRY, call: null });
      return () => recordAttempt(writer, { ...of(runner), retry: { ...RETRY, attempt: 2 }, call: null });
    },
  ],
  [
    "a turn ends with its answer",
    running((runner) => finishTurn(writer, { ...of(runner), answer: answer([textOf("Done.")], PAID) })),
  ],
  ["a turn ends", running((runner) => finishTurn(writer, of(runner)))],
  ["a turn fails", running((runner) => failTurn(writer, { ...of(runner), error: ERROR, call: PAID }))],
  ["a turn is given back", running((runner) => requeue(writer, { ...of(runner), call: null }))],
  ["a dead worker's chat is taken", running((runner) => reapRun(writer, of(runner)))],
  ["a person stops a turn", running((runner) => interruptChat(writer, runner))],
  [
    "a stopped turn ends with what it had said",
    async (runner) => {
      await runner.acquire();
      await interruptChat(writer, runner);
      const partial = answer([textOf("Half"), CALL], PAID);
      return () => finishInterruption(writer, { ...of(runner), partial, results: [] });
    },
  ],
  ["an idle chat is told to stop", idle((runner) => interruptChat(writer, runner))],
  ["a context is cleared, by rows of which one is hidden", idle((runner) => clearChat(writer, runner))],
  [
    "a paused chat is answered",
    async (runner) => {
      await runner.acquire();
      await commitAnswer(writer, { ...of(runner), answer: answer([CALL]) });
      await pauseForPerson(writer, { ...of(runner), reason: "tool_results", results: [] });
      const results = [{ tool_call_id: "c1", output: { b: 1, aa: 2 }, is_error: false }];
      return () => submitToolResults(writer, { chatId: runner.chatId, ownerId: runner.ownerId, results });
    },
  ],
];

const READ: Case[] = [
  ["a message is queued", running((runner) => send(runner))],
  ["a message jumps the queue", running((runner) => send(runner, "interrupt"))],
  [
    "a turn ends with a message in the queue",
    async (runner) => {
      await runner.acquire();
      await send(runner);
      return () => finishTurn(writer, { ...of(runner), answer: answer([textOf("Done.")]) });
    },
  ],
  [
    "a chat pauses",
    async (runner) => {
      await runner.acquire();
      await commitAnswer(writer, { ...of(runner), answer: answer([CALL]) });
      return () => pauseForPerson(writer, { ...of(runner), reason: "question", results: [] });
    },
  ],
  ["a message is edited", idle((runner) => runner.edit("Fix the other test"))],
];

const readState = async (chatId: string, known?: ChatState): Promise<ChatState> => {
  const from = { afterId: known?.lastMessageId ?? 0, knownQueueVersion: known?.queueVersion ?? -1 };
  const state = await findChatState(sql, { chatId, ...from });
  if (!state) throw new Error(`chat ${chatId} is not there`);
  return state;
};

/** The news of one transition of the chat, with what was known before it and what a read says after it. */
async function observe(prepare: Case[1]) {
  const runner = await world.newRunner();
  const act = await prepare(runner);
  const known = await readState(runner.chatId);
  const news: (ChatNews | undefined)[] = [];
  const unsubscribe = pubsub.subscribe((hint, told) => {
    if (hint.type === "chat" && hint.chatId === runner.chatId) news.push(told);
  });
  await act();
  unsubscribe();
  return { known, news: news[0], read: await readState(runner.chatId, known) };
}

test.each(TOLD)("news say what a read would say, to the byte: %s", async (_, prepare) => {
  const { known, news, read } = await observe(prepare);
  const told = news?.(known);
  expect(told).toStrictEqual(read);
  const onTheWire = ({ messages, lastError, retryState }: ChatState) =>
    JSON.stringify([messages, lastError, retryState]);
  expect(onTheWire(told as ChatState)).toBe(onTheWire(read));
});

test.each(TOLD)("news are for the state before them, and for no other: %s", async (_, prepare) => {
  const { known, news, read } = await observe(prepare);
  expect(news?.({ ...known, snapshotVersion: known.snapshotVersion - 1 })).toBeUndefined();
  expect(news?.(read)).toBeUndefined();
});

test.each(READ)("there are no news of what only a read tells: %s", async (_, prepare) => {
  const { known, news } = await observe(prepare);
  expect(news?.(known)).toBeUndefined();
});

test("a chat that was archived meanwhile is read", async () => {
  const { known, news } = await observe(running((runner) => finishTurn(writer, of(runner))));
  expect(news?.({ ...known, archived: true })).toBeUndefined();
});

const KEYS = [
  "a",
  "b",
  "aa",
  "z",
  "ä",
  "\u{1F600}",
  "\uFFFD",
  "10",
  "9",
  "toString",
  "__proto__",
  "type",
  "tool_call_id",
  "",
];

function anyJson(random: Random, depth = 0): unknown {
  const leaf = () =>
    random.pick<unknown>([null, true, -0, 1e-7, 1e21, 0.1, 2 ** 53, "", "\0\ud83d", "\u{1F600}", "\\u0000", undefined]);
  const members = () => Array.from({ length: random.below(5) }, () => anyJson(random, depth + 1));
  if (depth > 3 || random.chance(0.3)) return leaf();
  if (random.chance(0.3)) return members();
  return Object.fromEntries(members().map((value) => [random.pick(KEYS), value]));
}

test("a value goes through jsonb in memory as it does in the database", async () => {
  const random = createRandom(7);
  const values = Array.from({ length: 300 }, () => ({ value: anyJson(random) }));
  const rows = await sql<{ value: unknown }[]>`
    SELECT value FROM jsonb_array_elements(${toJsonb(values)}::jsonb) WITH ORDINALITY AS row (value, place) ORDER BY place`;
  expect(values.map((value) => JSON.stringify(throughJsonb(value)))).toEqual(
    rows.map(({ value }) => JSON.stringify(value)),
  );
});

test("a time of the driver has the digits of a read", async () => {
  const rows = await sql<{ driver: string; read: string }[]>`
    SELECT at AS driver, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS read
    FROM unnest('{2026-01-01 00:00:00+00,2026-01-01 00:00:00.1+00,2026-01-01 00:00:00.120300+00,2026-01-01 00:00:00.000001+00}'::timestamptz[]) AS at`;
  expect(rows.map(({ driver }) => toMicroseconds(driver))).toEqual(rows.map(({ read }) => read));
});

const isRead = (text: string) => text.includes("'lastMessageId'");

test("a turn of this process is shown without a read, from its message to its end, the first turn of a chat too", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  const statements = await countStatements(sql, async () => {
    await runner.acquire();
    for (const isFirst of [true, false]) {
      if (!isFirst) await runner.send("And this.");
      runner.say({ type: "text", delta: "Looking" });
      await runner.commitAnswer([textOf("Looking"), CALL]);
      await runner.commitResults([RESULT]);
      await runner.commitAnswer([textOf("Done.")]);
      await runner.finish();
    }
    await client.waitFor(() => client.events.filter(isType("message")).length === 8);
    await client.waitFor(() => client.events.filter(statusIs("waiting")).length === 2);
  });
  expect(statements.filter(isRead)).toEqual([]);
  await client.disconnect();
});
