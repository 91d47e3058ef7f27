/** A light client of the product: one keep-alive connection pool, and streams whose events carry their arrival time. */
import { Agent, get, request } from "node:http";
import { createSseDecoder } from "@/lib/contract/sse";
import { machineClock } from "./clock";

/** `at`: of the clock that all processes share. */
export type Arrival = { at: number; data: { type: string } & Record<string, unknown> };

export type Stream = {
  /** Resolves with the first event from now on (or already waiting) that fits. */
  next(fits: (event: Arrival) => boolean): Promise<Arrival>;
  /** Settles when the answer's head has come. */
  opened: Promise<void>;
  close(): void;
};

export type Client = {
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  stream(path: string): Stream;
  /** A stream at any address. */
  streamAt(url: string): Stream;
  close(): void;
};

export const isIdle = ({ data }: Arrival) => data.type === "status" && data.status === "waiting";
export const isPart = ({ data }: Arrival) => data.type === "message_part";
export const isMessage = (role: string) => (event: Arrival) =>
  event.data.type === "message" && (event.data.message as { role: string }).role === role;

const EVENT_TIMEOUT_MS = 30_000;

export function createClient({ url, token }: { url: string; token: string }): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const headers = { authorization: `Bearer ${token}` };
  const address = (path: string) => `${url}/api/experimental${path}`;

  const call = <T>(method: string, path: string, body?: unknown) =>
    new Promise<T>((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const json =
        text === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(text) };
      const outgoing = request(address(path), { method, agent, headers: { ...headers, ...json } }, (response) => {
        let answer = "";
        response.setEncoding("utf8").on("data", (chunk) => {
          answer += chunk;
        });
        response.on("end", () => {
          if ((response.statusCode ?? 500) < 300) resolve((answer ? JSON.parse(answer) : undefined) as T);
          else reject(new Error(`${method} ${path} answered ${response.statusCode}: ${answer}`));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(text);
    });

  return {
    call,
    stream: (path) => openStream(address(path), headers),
    streamAt: (at) => openStream(at, {}),
    close: () => agent.destroy(),
  };
}

function openStream(url: string, headers: Record<string, string>): Stream {
  const decoder = createSseDecoder();
  const waiting: Arrival[] = [];
  let wake = () => {};
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const outgoing = get(url, { headers, agent: false }, (response) => {
    open();
    response.setEncoding("utf8").on("data", (chunk: string) => {
      const at = machineClock();
      for (const event of decoder.push(chunk)) waiting.push({ at, data: JSON.parse(event.data) });
      wake();
    });
    response.on("error", () => {});
  });
  outgoing.on("error", () => {});

  return {
    async next(fits) {
      const deadline = performance.now() + EVENT_TIMEOUT_MS;
      for (;;) {
        for (let event = waiting.shift(); event; event = waiting.shift()) if (fits(event)) return event;
        if (performance.now() > deadline)
          throw new Error(`No fitting event came from ${url} in ${EVENT_TIMEOUT_MS} ms.`);
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, 1_000).unref();
        });
      }
    },
    opened,
    close: () => outgoing.destroy(),
  };
}
