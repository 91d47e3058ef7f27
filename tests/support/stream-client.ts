/** Reads our streams as a client would: events in order, each with its id, until it hangs up. */
import type { MultiplexedEvent } from "@/lib/contract/events";
import { createSseDecoder } from "@/lib/contract/sse";

export type Received = { id: string; event: string; data: MultiplexedEvent };

export type StreamClient = {
  response: Response;
  events: Received[];
  /** The id a browser would send when it reconnects. */
  lastEventId(): string;
  /** Comments and the like included. */
  text(): string;
  /** The first event that fits, now or later. */
  waitFor(fits: (received: Received) => boolean): Promise<Received>;
  /** Resolves when the server has ended the stream. */
  ended: Promise<void>;
  disconnect(): Promise<void>;
};

/** `open` gets a request whose signal `disconnect` aborts. */
export async function connect(
  open: (request: Request) => Promise<Response>,
  options: { url?: string; lastEventId?: string } = {},
): Promise<StreamClient> {
  const controller = new AbortController();
  const request = new Request(options.url ?? "http://127.0.0.1/stream", {
    signal: controller.signal,
    headers: options.lastEventId ? { "last-event-id": options.lastEventId } : {},
  });
  const response = await open(request);
  const events: Received[] = [];
  const decoder = createSseDecoder();
  const waiting = new Set<() => void>();
  let text = "";
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();

  const read = async () => {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return;
      text += value;
      for (const { id, event, data } of decoder.push(value as string))
        events.push({ id, event, data: JSON.parse(data) });
      for (const check of [...waiting]) check();
    }
  };
  let isEnded = false;
  const ended = read()
    .catch(() => undefined)
    .finally(() => {
      isEnded = true;
      for (const check of [...waiting]) check();
    });

  return {
    response,
    events,
    lastEventId: () => decoder.lastEventId(),
    text: () => text,
    ended,
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const check = () => {
          const found = events.find(fits);
          if (!found && !isEnded) return;
          waiting.delete(check);
          if (found) resolve(found);
          else
            reject(
              new Error(`The stream ended without the event; it had ${JSON.stringify(events.map((e) => e.event))}.`),
            );
        };
        waiting.add(check);
        check();
      }),
    async disconnect() {
      controller.abort();
      await reader?.cancel().catch(() => undefined);
      await ended;
    },
  };
}
