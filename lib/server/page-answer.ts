/**
 * The bytes of Next's answers on their way out: an answer that is whole soon is compressed once and written once, with
 * its length; a slow one streams. Next's own compression flushes at every piece, through the thread pool: a third of a
 * small page's time. Knows no page.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { promisify } from "node:util";
import { createGzip, type Gzip, gzip, gzipSync, constants as zlib } from "node:zlib";

/** Three frames: nobody sees the difference, and a page that waits for its data longer shows its skeleton. */
const GATHER_MS = 50;
/** More than any page. What is larger, or comes later, streams. */
const MAX_GATHERED_BYTES = 1024 * 1024;
/** 80 KB of HTML take 0.4 ms at level 3 and are a tenth larger than at level 6, which takes 0.9. */
const PAGE_LEVEL = 3;
/** One less than by default: the tables that are made for each page fit the processor's cache, and save a third. */
const PAGE_MEMORY = 7;
/** Loaded once and kept by the browser. */
const FILE_LEVEL = 6;
/** A packet's worth: compressing less saves no packet. */
const MIN_COMPRESSED_BYTES = 1_000;

const COMPRESSIBLE = /^(?:text\/|image\/svg\+xml|application\/(?:[\w.-]+\+)?(?:javascript|json|xml)\b)/;
const gzipInPool = promisify(gzip);

type Exits = Pick<ServerResponse, "write" | "end">;

/** Takes over what is written to the response. Headers leave with the first byte, whoever flushes them before. */
export function gatherAnswer(request: IncomingMessage, response: ServerResponse): void {
  const exits = { write: response.write.bind(response), end: response.end.bind(response) } as Exits;
  const level = request.url?.startsWith("/_next/static/") ? FILE_LEVEL : PAGE_LEVEL;
  let pieces: Buffer[] = [];
  let gatheredBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let stream: Outlet | undefined;

  const openStream = (): Outlet => {
    clearTimeout(timer);
    stream = openOutlet(response, exits, mayCompress(request, response) ? level : null);
    for (const piece of pieces) stream.write(piece);
    pieces = [];
    return stream;
  };
  response.once("close", () => clearTimeout(timer));
  response.flushHeaders = () => undefined;
  response.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const piece = toBuffer(chunk, rest[0]);
    findCallback(rest)?.();
    if (stream) return stream.write(piece);
    pieces.push(piece);
    gatheredBytes += piece.length;
    if (gatheredBytes > MAX_GATHERED_BYTES) openStream();
    else timer ??= setTimeout(openStream, GATHER_MS);
    return true;
  }) as ServerResponse["write"];
  response.end = ((...given: unknown[]) => {
    const callback = findCallback(given);
    if (callback) response.once("finish", callback);
    if (given[0] !== undefined && given[0] !== null && typeof given[0] !== "function") {
      pieces.push(toBuffer(given[0] as string | Uint8Array, given[1]));
    }
    clearTimeout(timer);
    if (stream) endStream(stream, pieces);
    else endWhole({ request, response, exits, level, body: Buffer.concat(pieces) });
    return response;
  }) as ServerResponse["end"];
}

type Whole = { request: IncomingMessage; response: ServerResponse; exits: Exits; level: number; body: Buffer };

/** A page at once, since the pool's two hops cost more than its compression; a file beside other work. */
function endWhole({ request, response, exits, level, body }: Whole): void {
  const isSmall = body.length < MIN_COMPRESSED_BYTES;
  if (response.headersSent || !mayCompress(request, response) || isSmall) return void exits.end(body);
  const send = (bytes: Buffer) => {
    response.setHeader("content-encoding", "gzip");
    response.setHeader("content-length", bytes.length);
    exits.end(bytes);
  };
  if (level === PAGE_LEVEL) send(gzipSync(body, { level, memLevel: PAGE_MEMORY }));
  else {
    gzipInPool(body, { level }).then(
      (bytes) => response.destroyed || send(bytes),
      (error: Error) => response.destroy(error),
    );
  }
}

/** Says by `Vary` that the answer depends on the encoding asked for, also where it was not. */
function mayCompress(request: IncomingMessage, response: ServerResponse): boolean {
  const isPlain = !response.hasHeader("content-encoding") && !response.hasHeader("content-range");
  if (response.headersSent || !isPlain || !COMPRESSIBLE.test(String(response.getHeader("content-type") ?? ""))) {
    return false;
  }
  response.appendHeader("vary", "Accept-Encoding");
  return /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(String(request.headers["accept-encoding"] ?? ""));
}

type Outlet = { write(piece: Buffer): boolean; end(): void };

/** Every piece leaves at once; one that nobody reads holds the writer back. */
function openOutlet(response: ServerResponse, exits: Exits, level: number | null): Outlet {
  if (level === null) return { write: (piece) => exits.write(piece), end: () => void exits.end() };
  response.removeHeader("content-length");
  response.setHeader("content-encoding", "gzip");
  const packer = createGzip({ level, flush: zlib.Z_SYNC_FLUSH });
  connect(packer, response, exits);
  return { write: (piece) => packer.write(piece), end: () => void packer.end() };
}

function connect(packer: Gzip, response: ServerResponse, exits: Exits): void {
  packer.on("data", (bytes: Buffer) => {
    if (!exits.write(bytes)) packer.pause();
  });
  packer.on("end", () => exits.end());
  packer.on("drain", () => response.emit("drain"));
  response.on("drain", () => packer.resume());
  response.once("close", () => packer.destroy());
}

function endStream(stream: Outlet, pieces: readonly Buffer[]): void {
  for (const piece of pieces) stream.write(piece);
  stream.end();
}

const toBuffer = (chunk: string | Uint8Array, encoding: unknown): Buffer =>
  typeof chunk === "string"
    ? Buffer.from(chunk, typeof encoding === "string" ? (encoding as BufferEncoding) : "utf8")
    : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);

const findCallback = (values: unknown[]): (() => void) | undefined =>
  values.find((value): value is () => void => typeof value === "function");
