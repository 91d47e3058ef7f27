/**
 * `fetch` for model calls: as patient as the silence limit, wary of answers that are no event stream, and closed to
 * redirects, since the key must not follow them.
 */
import { StreamFailure } from "./failure-signal";
import { callHttp, type Dispatcher } from "./http-call";

export type Fetch = typeof globalThis.fetch;

/** Wraps `base`; without one, requests of our own with undici's five-minute time-outs off. */
export function createModelFetch(base: Fetch = askPatiently): Fetch {
  return async (input, init) => {
    const response = await base(input, init);
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      const location = response.headers.get("location");
      throw new StreamFailure("address", `The address redirects to ${location}, which is not followed.`);
    }
    // Of an error the status says enough.
    if (!response.ok) return response;
    const coding = response.headers.get("content-encoding") ?? "identity";
    if (coding !== "identity") {
      await response.body?.cancel();
      throw new StreamFailure("address", `The address answers in ${coding}, although that was not asked for.`);
    }
    const contentType = response.headers.get("content-type") ?? "";
    if (contentType === "" || /event-?stream/.test(contentType)) return response;
    const text = await readStart(response.body);
    throw new StreamFailure("address", `The address answered with ${contentType} instead of a stream: ${text}`);
  };
}

const MAX_SHOWN_CHARACTERS = 200;

/** Of a body that is not what was asked for. */
async function readStart(body: Response["body"]): Promise<string> {
  const reader = body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (reader && text.length < MAX_SHOWN_CHARACTERS) {
    const { done, value } = await reader.read();
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  await reader?.cancel();
  return text.slice(0, MAX_SHOWN_CHARACTERS);
}

/** The packages send text, and read of the answer what ours has. */
const askPatiently: Fetch = async (input, init) => {
  const url = new URL(String(input));
  if (url.username || url.password) {
    throw new StreamFailure("address", "The address contains a user's name or password, which are not sent.");
  }
  const headers = new Headers(init?.headers);
  if (!headers.has("accept")) headers.set("accept", "*/*");
  headers.set("accept-encoding", "identity");
  const call = { method: init?.method ?? "GET", headers, body: init?.body as string | null, signal: init?.signal };
  dispatcher ??= createDispatcher();
  return (await callHttp(await dispatcher, url, call)) as unknown as Response;
};

type DispatcherClass = new (options: { headersTimeout: number; bodyTimeout: number }) => Dispatcher;

let dispatcher: Promise<Dispatcher> | undefined;
/** Taken before Next replaces the global one. */
const nodeFetch = globalThis.fetch;

/**
 * Of Node's own undici, whose class is reachable only through the global dispatcher, which exists from the first fetch
 * on and is another one where Node was told to use a proxy. Its five minutes without headers or body end before our own
 * limit.
 */
async function createDispatcher(): Promise<Dispatcher> {
  await nodeFetch("data:,");
  const globalDispatcher = (globalThis as Record<symbol, object | undefined>)[Symbol.for("undici.globalDispatcher.1")];
  const Dispatcher = globalDispatcher?.constructor as DispatcherClass;
  return new Dispatcher({ headersTimeout: 0, bodyTimeout: 0 });
}
