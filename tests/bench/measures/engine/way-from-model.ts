/** The way of a chunk from the model to its subscriber: alone, and with many answers at once beside a plain relay. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Chat } from "@/lib/contract/chats";
import { createClient, isPart, type Stream } from "../../client";
import { machineClock } from "../../clock";
import { stampsOf } from "../../stamped-model";
import { median, percentile, type Row, row } from "../../stats";
import type { Engine } from "./open-chat";

const STREAMS = 100;
/** Twenty a second each: a quick model, and at least 20 ms apart, so that no window holds a chunk back. */
const CHUNK_PAUSE_MS = 50;
/** Begins once all stream: the start of a hundred chats in one second is not what is measured, nor is cold code. */
const SETTLE_MS = 5_000;
const MEASURED_MS = 10_000;
/** More than is measured; the rest is interrupted. */
const CHUNKS = 4_000;

export async function measureWayFromModel(engine: Engine): Promise<Row[]> {
  const single = await chunkTimes(() => openStamped(engine), 1);
  const many = await chunkTimes(() => openStamped(engine), STREAMS);
  const floor = await measureRelay(engine.stampedUrl);
  const beside = (what: string, share: number, most: number): Row => ({
    ...row(`provider chunk → subscriber, ${STREAMS} streams, ${what}`, percentile(many, share), "ms", most),
    floor: { what: "plain Node relay", value: percentile(floor, share) },
  });
  return [
    row("provider chunk → subscriber, one stream, p50", median(single), "ms", 2),
    beside("p50", 0.5, 2),
    beside("p99", 0.99, 10),
  ];
}

/** The same model, chunks and clients with nothing but a relay between them: what this machine can do. */
async function measureRelay(stampedUrl: string): Promise<number[]> {
  const relay = fork(fileURLToPath(new URL("../../plain-relay.ts", import.meta.url)), [stampedUrl]);
  const [url] = (await once(relay, "message")) as [string];
  const client = createClient({ url: "", token: "" });
  try {
    return await chunkTimes(async () => {
      const stream = client.streamAt(`${url}/?${encodeURIComponent(`stamp ${CHUNKS}x${CHUNK_PAUSE_MS}`)}`);
      return { stream, stop: async () => stream.close() };
    }, STREAMS);
  } finally {
    relay.kill();
  }
}

type Stamped = { stream: Stream; stop(): Promise<void> };

async function openStamped({ client, stampedModelId }: Engine): Promise<Stamped> {
  const content = `stamp ${CHUNKS}x${CHUNK_PAUSE_MS}`;
  const { id } = await client.call<Chat>("POST", "/chats", { content, model_config_id: stampedModelId });
  const stream = client.stream(`/chats/${id}/stream`);
  const stop = async () => {
    await client.call("POST", `/chats/${id}/interrupt`);
    stream.close();
  };
  return { stream, stop };
}

/** How long chunks take while `count` answers stream, of those sent in the time that is measured. */
async function chunkTimes(open: () => Promise<Stamped>, count: number): Promise<number[]> {
  const opened: Stamped[] = [];
  // One after the other, so that they are spread over their pause as independent chats would be.
  for (let index = 0; index < count; index++) {
    const stamped = await open();
    await stamped.stream.next(isPart);
    opened.push(stamped);
  }
  const from = machineClock() + SETTLE_MS;
  const until = from + MEASURED_MS;
  const times = await Promise.all(
    opened.map(async ({ stream }) => {
      const mine: number[] = [];
      for (;;) {
        const event = await stream.next(isPart);
        for (const { sent } of stampsOf(event)) {
          if (sent >= until) return mine;
          if (sent >= from) mine.push(event.at - sent);
        }
      }
    }),
  );
  await Promise.all(opened.map(({ stop }) => stop()));
  return times.flat();
}
