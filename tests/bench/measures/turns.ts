/** The way of a message: to its first live part, to the end of its turn, and many at once. */
import type { Chat } from "@/lib/contract/chats";
import { type Client, isIdle, isPart, type Stream } from "../client";
import { machineClock } from "../clock";
import { median, type Row, row } from "../stats";

const SAMPLES = 100;
const CHATS = 64;
/** In a batch. */
const TURNS_EACH = 10;
const BATCHES = 5;

export type ModelFloor = { firstChunkMs: number; wholeMs: number };

/** The model asked directly, as the product asks it: nothing that goes through it can be faster. */
export async function measureModel(modelUrl: string): Promise<ModelFloor> {
  const first: number[] = [];
  const whole: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = performance.now();
    let isFirst = true;
    for await (const _chunk of askModel(modelUrl)) {
      if (isFirst) first.push(performance.now() - start);
      isFirst = false;
    }
    whole.push(performance.now() - start);
  }
  return { firstChunkMs: median(first), wholeMs: median(whole) };
}

async function* askModel(modelUrl: string): AsyncGenerator<Uint8Array> {
  const response = await fetch(`${modelUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer bench" },
    body: JSON.stringify({ model: "bench", stream: true, messages: [{ role: "user", content: "hello" }] }),
  });
  yield* response.body ?? [];
}

/** Turns a second of a program that asks the model, writes two rows, and does nothing else, 64 turns at once. */
export async function measureBareTurns(modelUrl: string, insert: () => Promise<unknown>): Promise<number> {
  const turns = async () => {
    for (let turn = 0; turn < TURNS_EACH; turn++) {
      await insert();
      for await (const _chunk of askModel(modelUrl));
      await insert();
    }
  };
  const batch = () => turnsPerSecond(() => Promise.all(Array.from({ length: CHATS }, turns)));
  await batch();
  return batch();
}

async function turnsPerSecond(batch: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await batch();
  return (CHATS * TURNS_EACH * 1_000) / (performance.now() - start);
}

export async function measureTurn(client: Client, floor: ModelFloor & { insertMs: number }): Promise<Row[]> {
  const { chat, stream } = await openIdleChat(client);
  const toPart: number[] = [];
  const toEnd: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = machineClock();
    const sent = client.call("POST", `/chats/${chat.id}/messages`, { content: "hello" });
    toPart.push((await stream.next(isPart)).at - start);
    toEnd.push((await stream.next(isIdle)).at - start);
    await sent;
  }
  stream.close();
  // A message and a claim are committed before the model may be asked; an answer and the turn's end after it.
  const partFloor = floor.firstChunkMs + 2 * floor.insertMs;
  const turnFloor = floor.wholeMs + 4 * floor.insertMs;
  return [
    {
      ...row("POST message → first live part, p50", median(toPart), "ms", 20),
      floor: { what: "model + 2 commits", value: partFloor },
    },
    {
      ...row("whole turn, p50", median(toEnd), "ms", 40),
      floor: { what: "model + 4 commits", value: turnFloor },
    },
  ];
}

/** What else the machine does in a batch only slows it: the best says what the product can do, the median what it did. */
export async function measureThroughput(client: Client, bareTurns: number): Promise<Row[]> {
  let chats = await Promise.all(Array.from({ length: CHATS }, () => openIdleChat(client)));
  const batch = () =>
    turnsPerSecond(async () => {
      chats = await Promise.all(chats.map((idle) => runTurns(client, idle, TURNS_EACH)));
    });
  // Before the clock runs: a server in service has its hot code compiled.
  await batch();
  const rates: number[] = [];
  for (let count = 0; count < BATCHES; count++) rates.push(await batch());
  for (const { stream } of chats) stream.close();
  const best = Math.max(...rates);
  const what = `turns a second with ${CHATS} chats`;
  const floor = { what: "model + 2 commits", value: bareTurns };
  return [
    {
      what: `${what}, best of ${BATCHES} batches`,
      value: best,
      unit: "/s",
      floor,
      target: "≥ 150",
      met: best >= 150,
    },
    { ...row(`${what}, median of them`, median(rates), "/s", Number.NaN, null), floor },
  ];
}

async function runTurns(client: Client, idleChat: IdleChat, turns: number): Promise<IdleChat> {
  const { chat, stream } = idleChat;
  let { version } = idleChat;
  for (let turn = 0; turn < turns; turn++) {
    await client.call("POST", `/chats/${chat.id}/messages`, { content: "hello" });
    // Statuses between two reads are told as one, so that only the version says which idle it is.
    const idle = await stream.next((event) => isIdle(event) && Number(event.data.version) > version);
    version = Number(idle.data.version);
  }
  return { ...idleChat, version };
}

type IdleChat = { chat: Chat; stream: Stream; version: number };

async function openIdleChat(client: Client): Promise<IdleChat> {
  const chat = await client.call<Chat>("POST", "/chats", { content: "hello" });
  const stream = client.stream(`/chats/${chat.id}/stream`);
  const idle = await stream.next(isIdle);
  return { chat, stream, version: Number(idle.data.version) };
}
