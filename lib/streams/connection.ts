/** One open `text/event-stream` answer with a bounded queue. Knows bytes only, no events. */
import { encodeSseRetry, SSE_COMMENT } from "@/lib/contract/sse";

/** What may wait for a slow reader, in bytes; the kernel's socket buffers come on top. */
export const MAX_QUEUED_BYTES = 256 * 1024;
/** EventSource waits this long before it reconnects. */
const RETRY_MS = 1_000;

const encoder = new TextEncoder();
const comment = encoder.encode(SSE_COMMENT);

export type Connection = {
  response: Response;
  readonly isClosed: boolean;
  /** Sends at once; a reader too slow for its bound is cut off, and resumes by its cursor. */
  send(bytes: Uint8Array): void;
  /** Whether these bytes fit beside what waits already. */
  hasRoom(bytes: Uint8Array): boolean;
  /** Resolves when the reader took something, or the connection ended. */
  waitForRoom(): Promise<void>;
  beat(): void;
  /** Ends the answer after what was sent. */
  close(): void;
};

/**
 * `firstId` is where a client stands that has no event yet; it travels with the first lines, which are no event.
 * `onClose` is called once, however the connection ends. The request must not be aborted yet, and is kept: its
 * signal tells of the end.
 */
export function createConnection(options: { request: Request; firstId?: string; onClose: () => void }): Connection {
  const { signal } = options.request;
  let controller: ReadableStreamDefaultController<Uint8Array>;
  let isClosed = false;
  let wake: (() => void) | undefined;
  let pulled: (() => void) | undefined;

  const end = () => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener("abort", onAbort);
    wake?.();
    pulled?.();
    options.onClose();
  };
  const onAbort = () => {
    if (isClosed) return;
    end();
    controller.close();
  };
  const queuedBytes = () => MAX_QUEUED_BYTES - (controller.desiredSize ?? 0);
  const hasRoom = (bytes: Uint8Array) => queuedBytes() <= 0 || queuedBytes() + bytes.byteLength <= MAX_QUEUED_BYTES;
  const send = (bytes: Uint8Array) => {
    if (isClosed) return;
    if (hasRoom(bytes)) return controller.enqueue(bytes);
    end();
    controller.close();
  };

  const body = new ReadableStream<Uint8Array>(
    {
      start: (given) => {
        controller = given;
      },
      // Pending while nobody waits for room: the stream then asks no more, which saves a call per event.
      pull: () => {
        const waiting = wake;
        wake = undefined;
        waiting?.();
        return new Promise<void>((resolve) => {
          pulled = resolve;
        });
      },
      cancel: end,
    },
    { highWaterMark: MAX_QUEUED_BYTES, size: (chunk) => chunk.byteLength },
  );
  signal.addEventListener("abort", onAbort, { once: true });
  send(encoder.encode(encodeSseRetry(RETRY_MS, options.firstId)));

  return {
    response: new Response(body, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-cache, no-transform",
        "x-accel-buffering": "no",
      },
    }),
    get isClosed() {
      return isClosed;
    },
    send,
    hasRoom,
    waitForRoom: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        wake = chain(wake, resolve);
        pulled?.();
      }),
    beat: () => send(comment),
    close() {
      if (isClosed) return;
      end();
      controller.close();
    },
  };
}

const chain = (first: (() => void) | undefined, second: () => void) => () => {
  first?.();
  second();
};
