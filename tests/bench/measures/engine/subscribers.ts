/** A thousand viewers of one chat, beside a plain Node server's. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Arrival, createClient, isIdle, isPart, type Stream } from "../../client";
import { machineClock } from "../../clock";
import { stampsOf } from "../../stamped-model";
import { percentile, type Row, row } from "../../stats";
import { type Engine, openChat } from "./open-chat";

const SUBSCRIBERS = 1_000;
const EVENTS = 60;
const PAUSE_MS = 250;

export async function measureSubscribers({ client, stampedModelId, heldMb }: Engine): Promise<Row[]> {
  const { chat, stream } = await openChat(client, { content: "stamp 1x0", model_config_id: stampedModelId });
  stream.close();
  const before = await heldMb();
  const watchers = await openMany(() => client.stream(`/chats/${chat.id}/stream`), isIdle);
  const eachKb = (((await heldMb()) - before) * 1024) / SUBSCRIBERS;

  const plain = fork(fileURLToPath(new URL("../../plain-server.ts", import.meta.url)));
  const [plainUrl] = (await once(plain, "message")) as [string];
  const plainClient = createClient({ url: "", token: "" });
  const plainWatchers = await openMany(() => plainClient.streamAt(plainUrl), null);

  // Each chunk of ours halfway between two of the plain server's: a machine's slow second is both's.
  await client.call("POST", `/chats/${chat.id}/messages`, { content: `stamp ${EVENTS}x${PAUSE_MS}` });
  const begun = machineClock();
  const [ours, floor] = await Promise.all([
    collect(watchers, EVENTS),
    collect(plainWatchers, EVENTS),
    sayAt(
      (event) => begun + (event + 0.5) * PAUSE_MS,
      () => plain.send("say"),
    ),
  ]);
  plain.kill();
  const [p99, floorP99] = [percentile(ours, 0.99), percentile(floor, 0.99)];
  return [
    {
      what: `chunk → ${SUBSCRIBERS} subscribers of one chat, p99`,
      value: p99,
      unit: "ms",
      floor: { what: "plain Node server", value: floorP99 },
      target: "≤ 1.3 ×",
      met: p99 / floorP99 <= 1.3,
    },
    { ...row("server memory a subscriber", eachKb, "KB", 15) },
  ];
}

async function sayAt(timeOf: (event: number) => number, say: () => void): Promise<void> {
  for (let event = 0; event < EVENTS; event++) {
    await sleep(Math.max(0, timeOf(event) - machineClock()));
    say();
  }
}

async function openMany(open: () => Stream, first: ((event: Arrival) => boolean) | null): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (let batch = 0; batch < SUBSCRIBERS; batch += 50) {
    const opened = Array.from({ length: 50 }, open);
    await Promise.all(opened.map((stream) => (first ? stream.next(first) : stream.opened)));
    streams.push(...opened);
  }
  return streams;
}

/** How long each stamped chunk took to each stream; closes them. */
async function collect(streams: Stream[], count: number): Promise<number[]> {
  const times = await Promise.all(
    streams.map(async (stream) => {
      const mine: number[] = [];
      while (mine.length < count) {
        const event = await stream.next(isPart);
        for (const { sent } of stampsOf(event)) mine.push(event.at - sent);
      }
      stream.close();
      return mine;
    }),
  );
  return times.flat();
}
