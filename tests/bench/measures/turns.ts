/** The way of a message: to its first live part, to the end of its turn, and many at once. */
import type { Chat } from "@/lib/contract/chats";
import type { Arrival, Client, Stream } from "../client";
import { median, type Row } from "../stats";

const SAMPLES = 100;
const CHATS = 64;
const TURNS_EACH = 10;
/** Of each chat, before the clock runs: a server in service has its hot code compiled. */
const WARM_TURNS = 10;

const isPart = ({ data }: Arrival) => data.type === "message_part";
const isIdle = ({ data }: Arrival) => data.type === "status" && data.status === "waiting";

export type ModelFloor = { firstChunkMs: number; wholeMs: number };

/** The model asked directly, as the product asks it: nothing that goes through it can be faster. */
export async function measureModel(modelUrl: string): Promise<ModelFloor> {
  const first: number[] = [];
  const whole: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = performance.now();
    const response = await fetch(`${modelUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer bench" },
      body: JSON.stringify({ model: "bench", stream: true, messages: [{ role: "user", content: "hello" }] }),
    });
    let isFirst = true;
    for await (const _chunk of response.body ?? []) {
      if (isFirst) first.push(performance.now() - start);
      isFirst = false;
    }
    whole.push(performance.now() - start);
  }
  return { firstChunkMs: median(first), wholeMs: median(whole) };
}

export async function measureTurn(client: Client, floor: ModelFloor & { insertMs: number }): Promise<Row[]> {
  const { chat, stream } = await openIdleChat(client);
  const toPart: number[] = [];
  const toEnd: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = performance.now();
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
    row("POST message → first live part, p50", median(toPart), { what: "model + 2 commits", value: partFloor }, 20),
    row("whole turn, p50", median(toEnd), { what: "model + 4 commits", value: turnFloor }, 40),
  ];
}

export async function measureThroughput(client: Client): Promise<Row[]> {
  const chats = await Promise.all(Array.from({ length: CHATS }, () => openIdleChat(client)));
  const warm = await Promise.all(chats.map((idle) => runTurns(client, idle, WARM_TURNS)));
  const start = performance.now();
  await Promise.all(warm.map((idle) => runTurns(client, idle, TURNS_EACH)));
  const seconds = (performance.now() - start) / 1_000;
  for (const { stream } of chats) stream.close();
  const rate = (CHATS * TURNS_EACH) / seconds;
  return [
    {
      what: `turns a second with ${CHATS} chats`,
      value: rate,
      unit: "/s",
      floor: null,
      target: "≥ 150",
      met: rate >= 150,
    },
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

const row = (what: string, value: number, floor: Row["floor"], targetMs: number): Row => ({
  what,
  value,
  unit: "ms",
  floor,
  target: `≤ ${targetMs} ms`,
  met: value <= targetMs,
});
