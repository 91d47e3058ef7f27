/** `fetch` for model calls: as patient as the silence limit, and wary of answers that are no event stream. */
import { StreamFailure } from "./failure-signal";

export type Fetch = typeof globalThis.fetch;

/** Taken before Next replaces the global one with its own, which traces every call. */
const nodeFetch: Fetch = globalThis.fetch;

/** Wraps `base`; without one, Node's own with its five-minute time-outs off. */
export function createModelFetch(base: Fetch = patientFetch): Fetch {
  return async (input, init) => {
    const response = await base(input, init);
    const contentType = response.headers.get("content-type") ?? "";
    if (!response.ok || contentType === "" || /event-?stream/.test(contentType)) return response;
    const text = (await response.text()).slice(0, 200);
    throw new StreamFailure("address", `The address answered with ${contentType} instead of a stream: ${text}`);
  };
}

type DispatcherClass = new (options: { headersTimeout: number; bodyTimeout: number }) => object;

let patientDispatcher: Promise<object | undefined> | undefined;

/**
 * Node's fetch gives up after five minutes without headers or body (undici's defaults), before our own limit. Its
 * dispatcher class is reachable only through the global one, which exists from the first fetch on.
 */
const patientFetch: Fetch = async (input, init) => {
  patientDispatcher ??= createPatientDispatcher();
  const dispatcher = await patientDispatcher;
  return nodeFetch(input, dispatcher ? ({ ...init, dispatcher } as RequestInit) : init);
};

async function createPatientDispatcher(): Promise<object | undefined> {
  await nodeFetch("data:,");
  const globalDispatcher = (globalThis as Record<symbol, object | undefined>)[Symbol.for("undici.globalDispatcher.1")];
  const Dispatcher = globalDispatcher?.constructor as DispatcherClass | undefined;
  return Dispatcher ? new Dispatcher({ headersTimeout: 0, bodyTimeout: 0 }) : undefined;
}
