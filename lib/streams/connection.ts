/** One open `text/event-stream` answer with a bounded queue. Knows bytes only, no events. */
import type { ServerResponse } from "node:http";
import { encodeSseRetry, SSE_COMMENT } from "@/lib/contract/sse";
import { offerNodeBody } from "@/lib/node-body";
import { createNodeOutlet, createWebOutlet, type Outlet } from "./outlets";

/** What may wait for a slow reader, in bytes; the kernel's socket buffers come on top. */
export const MAX_QUEUED_BYTES = 256 * 1024;
/** EventSource waits this long before it reconnects. */
const RETRY_MS = 1_000;
const HEADERS = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
};

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
  let isClosed = false;
  let wake: (() => void) | undefined;

  const onTaken = () => {
    const waiting = wake;
    wake = undefined;
    waiting?.();
  };
  const end = () => {
    if (isClosed) return;
    isClosed = true;
    signal.removeEventListener("abort", close);
    onTaken();
    options.onClose();
  };
  const close = () => {
    if (isClosed) return;
    end();
    outlet.end();
  };
  const web = createWebOutlet({ onTaken, onCancel: end });
  let outlet: Outlet = web;
  const hasRoom = (bytes: Uint8Array) => {
    const { queuedBytes } = outlet;
    return queuedBytes <= 0 || queuedBytes + bytes.byteLength <= MAX_QUEUED_BYTES;
  };
  const send = (bytes: Uint8Array) => {
    if (isClosed) return;
    if (hasRoom(bytes)) outlet.write(bytes);
    else close();
  };
  const writeToNode = (outgoing: ServerResponse) => {
    outlet = createNodeOutlet(outgoing, { onTaken });
    for (const bytes of web.takeAll()) outlet.write(bytes);
    if (isClosed) outlet.end();
  };

  signal.addEventListener("abort", close, { once: true });
  send(encoder.encode(encodeSseRetry(RETRY_MS, options.firstId)));

  return {
    response: offerNodeBody(new Response(web.body, { headers: HEADERS }), writeToNode),
    get isClosed() {
      return isClosed;
    },
    send,
    hasRoom,
    waitForRoom: () =>
      new Promise((resolve) => {
        if (isClosed) return resolve();
        wake = chain(wake, resolve);
      }),
    beat: () => send(comment),
    close,
  };
}

const chain = (first: (() => void) | undefined, second: () => void) => () => {
  first?.();
  second();
};
