/** The two ways out of a connection: a web stream, and the socket of Node's HTTP server. They bound nothing themselves. */
import type { ServerResponse } from "node:http";

export type Outlet = {
  /** Written, and not yet taken by the reader. */
  readonly queuedBytes: number;
  write(bytes: Uint8Array): void;
  /** Ends after what was written. */
  end(): void;
};

/** `onTaken`: the reader took something. */
export function createWebOutlet(options: { onTaken: () => void; onCancel: () => void }): Outlet & {
  body: ReadableStream<Uint8Array>;
  /** What nobody has read, for another outlet. */
  takeAll(): Uint8Array[];
} {
  let waiting: Uint8Array[] = [];
  let queuedBytes = 0;
  let hasEnded = false;
  let hearMore: (() => void) | undefined;

  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (waiting.length === 0 && !hasEnded) {
          await new Promise<void>((resolve) => {
            hearMore = resolve;
          });
        }
        const bytes = waiting.shift();
        if (!bytes) return controller.close();
        queuedBytes -= bytes.byteLength;
        controller.enqueue(bytes);
        options.onTaken();
      },
      cancel: options.onCancel,
    },
    { highWaterMark: 0 },
  );

  return {
    body,
    get queuedBytes() {
      return queuedBytes;
    },
    write(bytes) {
      waiting.push(bytes);
      queuedBytes += bytes.byteLength;
      hearMore?.();
    },
    end() {
      hasEnded = true;
      hearMore?.();
    },
    takeAll() {
      const taken = waiting;
      waiting = [];
      queuedBytes = 0;
      return taken;
    },
  };
}

/**
 * Of a response whose head is written. Chunks are framed here, once for all viewers, instead of by Node in three pieces
 * for each.
 */
export function createNodeOutlet(outgoing: ServerResponse, options: { onTaken: () => void }): Outlet {
  // HTTP/1.0 knows no chunks: there the body ends with the connection.
  const isChunked = outgoing.chunkedEncoding;
  outgoing.chunkedEncoding = false;
  outgoing.on("drain", options.onTaken);
  return {
    get queuedBytes() {
      return outgoing.writableLength;
    },
    write: (bytes) => void outgoing.write(isChunked ? toChunk(bytes) : bytes),
    end: () => void (isChunked ? outgoing.end(LAST_CHUNK) : outgoing.end()),
  };
}

const LAST_CHUNK = "0\r\n\r\n";

/** The newest event: every viewer in step is given the same bytes one after the other. */
let framed: { bytes: Uint8Array; chunk: Uint8Array } | undefined;

function toChunk(bytes: Uint8Array): Uint8Array {
  if (framed?.bytes === bytes) return framed.chunk;
  const head = Buffer.from(`${bytes.byteLength.toString(16)}\r\n`, "latin1");
  const chunk = Buffer.concat([head, bytes, CRLF]);
  framed = { bytes, chunk };
  return chunk;
}

const CRLF = Buffer.from("\r\n");
