/**
 * One HTTP request over undici's dispatcher, the answer's bytes as an event stream of ours: `fetch` takes three times as
 * much of the processor for a model call. Follows no redirect. Knows nothing of models.
 */
import { createEventStream, type EventController, type EventStream } from "./event-stream";

/** What is used of undici's (`docs/docs/api/Dispatcher.md`). */
export type Dispatcher = { dispatch(options: DispatchOptions, handler: DispatchHandler): boolean };

type DispatchOptions = {
  origin: string;
  path: string;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | null;
};

type DispatchHandler = {
  onRequestStart(controller: DispatchController): void;
  onResponseStart(
    controller: DispatchController,
    status: number,
    headers: Record<string, string | string[]>,
    statusText?: string,
  ): void;
  onResponseData(controller: DispatchController, bytes: Uint8Array): void;
  onResponseEnd(): void;
  onResponseError(controller: unknown, error: Error): void;
};

type DispatchController = { pause(): void; resume(): void; abort(reason: Error): void };

/** What the provider packages read of a `Response`. */
export type HttpAnswer = Pick<Response, "ok" | "status" | "statusText" | "headers"> & { body: EventStream<Uint8Array> };

export type HttpCall = {
  method: string;
  headers: Headers;
  body: string | Uint8Array | null;
  signal: AbortSignal | null | undefined;
};

/** More of an answer than this does not wait for its reader: its connection is not read meanwhile. */
const MAX_WAITING_BYTES = 256 * 1024;

/** Resolves with the head of the answer. Rejects, and so does its body, with undici's error or the signal's reason. */
export function callHttp(dispatcher: Dispatcher, url: URL, call: HttpCall): Promise<HttpAnswer> {
  const { method, headers, body, signal } = call;
  return new Promise((resolve, reject) => {
    let controller: DispatchController | undefined;
    let stopped: Error | undefined;
    const stop = (reason: unknown) => {
      stopped ??= reason instanceof Error ? reason : new Error("The request was stopped.");
      controller?.abort(stopped);
      reject(stopped);
    };
    const onAbort = () => stop(signal?.reason);
    const bytes = createByteQueue({
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
      cancel: stop,
    });
    const onEnd = () => signal?.removeEventListener("abort", onAbort);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    const sent = Object.fromEntries(headers);
    const options = { origin: url.origin, path: url.pathname + url.search, method, headers: sent, body };
    dispatcher.dispatch(options, {
      onRequestStart(given) {
        controller = given;
        if (stopped) given.abort(stopped);
      },
      onResponseStart(_controller, status, fields, statusText = "") {
        // 103, Early Hints: the answer itself follows.
        if (status < 200) return;
        resolve({ ok: status < 300, status, statusText, headers: toHeaders(fields), body: bytes.stream });
      },
      onResponseData: (_controller, chunk) => bytes.push(chunk),
      onResponseEnd() {
        onEnd();
        bytes.close();
      },
      onResponseError(_controller, error) {
        onEnd();
        reject(error);
        bytes.error(error);
      },
    });
  });
}

function toHeaders(fields: Record<string, string | string[]>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(fields)) {
    if (Array.isArray(value)) for (const one of value) headers.append(name, one);
    else headers.append(name, value);
  }
  return headers;
}

/** A stream that is told what to hold, and says when that is enough. */
function createByteQueue(flow: { pause(): void; resume(): void; cancel(reason: unknown): void }) {
  let controller!: EventController<Uint8Array>;
  let waitingBytes = 0;
  let wake: (() => void) | undefined;
  const wakeReader = () => {
    wake?.();
    wake = undefined;
  };
  const stream = createEventStream<Uint8Array>({
    start(given) {
      controller = given;
    },
    pull() {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const isPaused = waitingBytes > MAX_WAITING_BYTES;
      waitingBytes = 0;
      // Hands on at once what the connection has.
      if (isPaused) flow.resume();
      return woken;
    },
    cancel: flow.cancel,
  });
  return {
    stream,
    push(bytes: Uint8Array) {
      controller.enqueue(bytes);
      const before = waitingBytes;
      waitingBytes += bytes.byteLength;
      if (before <= MAX_WAITING_BYTES && waitingBytes > MAX_WAITING_BYTES) flow.pause();
      wakeReader();
    },
    close() {
      controller.close();
      wakeReader();
    },
    error(reason: Error) {
      controller.error(reason);
      wakeReader();
    },
  };
}
