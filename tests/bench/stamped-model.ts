/**
 * A model that writes the time into what it says: the first chunk carries when the request arrived, every chunk when it
 * was sent. OpenAI's streaming format, chunks and pause taken from the prompt (`stamp 50x40` is 50 chunks, 40 ms apart).
 * Times are of the clock that all processes share.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Arrival } from "./client";
import { machineClock } from "./clock";

/** After a delay of its own it does not hurry beyond what a model would. */
const SHORTEST_PAUSE_MS = 20;

export async function startStampedModel(): Promise<{ url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const arrived = machineClock();
    let body = "";
    for await (const piece of request) body += piece;
    const asked = [...body.matchAll(/stamp (\d+)x(\d+)/g)].at(-1);
    const [chunks, pauseMs] = [Number(asked?.[1] ?? 1), Number(asked?.[2] ?? 0)];
    response.writeHead(200, { "content-type": "text/event-stream" });
    const say = (content: string) => response.write(frame({ delta: { role: "assistant", content } }));
    const begun = machineClock();
    for (let index = 0; index < chunks && !response.destroyed; index++) {
      // By the clock of its beginning: pauses added up would drift into those of other answers, and stay with them.
      if (index > 0) await sleep(Math.max(SHORTEST_PAUSE_MS, begun + index * pauseMs - machineClock()));
      say(`${index === 0 ? `<${arrived}>` : ""}[${machineClock()}]`);
    }
    response.write(frame({ delta: {}, finish_reason: "stop" }));
    response.end("data: [DONE]\n\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

const frame = (choice: object): string =>
  `data: ${JSON.stringify({ id: "stamped", object: "chat.completion.chunk", created: 0, model: "stamped", choices: [{ index: 0, ...choice }] })}\n\n`;

/** What a live part says of its chunks, first to last. */
export function stampsOf({ data }: Arrival): { arrived: number | undefined; sent: number }[] {
  const { delta = "" } = data.part as { delta?: string };
  return [...delta.matchAll(/(?:<([\d.]+)>)?\[([\d.]+)\]/g)].map(([, arrived, sent]) => ({
    arrived: arrived === undefined ? undefined : Number(arrived),
    sent: Number(sent),
  }));
}
