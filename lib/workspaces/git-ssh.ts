/**
 * Git's smart http from a sandbox, carried over ssh. A service that is spoken to over ssh lists its refs first and then
 * takes one request after the other; those over http hold everything that the service has to know, so each of them is
 * the only one of a connection of its own.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { z } from "zod";
import { runSsh, type SshHost, type SshRun } from "@/lib/ssh/client";
import { type SshRemote, sshHostOf } from "@/lib/ssh/remote";
import { parseJson } from "./git-lfs";
import {
  defaultBranchIn,
  type GitService,
  type GitTransport,
  type LfsOperation,
  type LfsServer,
  MAX_FETCH_BYTES,
} from "./git-transport";
import { encodePacket, FLUSH } from "./pkt-line";

export type SshUpstream = SshHost & { remote: SshRemote };

/** Until the host has said what it can do: a name, a handshake and a program's start. */
const ANSWER_MS = 60_000;
/** Of half a million refs; protocol 2 lists none here. */
const MAX_ADVERTISEMENT_BYTES = 64 * 1024 * 1024;

export function createSshTransport(upstream: SshUpstream): GitTransport {
  return {
    async advertise({ service, incoming, response }) {
      const { run, packets } = await open(upstream, { service, protocol: protocolOf(incoming), response });
      head(response, `application/x-${service}-advertisement`);
      const isNewest = packets[0]?.toString("latin1", 4).startsWith("version 2");
      if (!isNewest) response.write(Buffer.concat([encodePacket(`# service=${service}\n`), Buffer.from(FLUSH)]));
      response.end(Buffer.concat(packets));
      finish(run);
    },
    async exchange({ service, incoming, response, body, onAnswer }) {
      const { run } = await open(upstream, { service, protocol: protocolOf(incoming), response });
      head(response, `application/x-${service}-result`);
      onAnswer?.(run.stdout);
      run.stdout.pipe(response);
      // A side that breaks ends the other by its own listener.
      await pipeline(body ?? bounded(incoming), run.stdin).catch(() => run.kill());
    },
    findLfsServer: (operation) => findLfsServer(upstream, operation),
    async findDefaultBranch(response) {
      // Protocol 0 alone names it unasked.
      const { run, packets } = await open(upstream, { service: "git-upload-pack", protocol: undefined, response });
      finish(run);
      return defaultBranchIn(packets[0]?.toString("utf8") ?? "");
    },
  };
}

/** What `git-lfs-authenticate` prints (git-lfs, docs/api/server-discovery.md, read 2026-11). */
const lfsServer = z.object({
  href: z.url({ protocol: /^https?$/ }),
  header: z.record(z.string(), z.string()).nullish(),
});
const MAX_LFS_ANSWER_BYTES = 64 * 1024;

async function findLfsServer(upstream: SshUpstream, operation: LfsOperation): Promise<LfsServer> {
  const run = await runSsh(upstream, { command: `git-lfs-authenticate ${quote(upstream.remote.path)} ${operation}` });
  const timer = setTimeout(run.kill, ANSWER_MS);
  run.stdin.end();
  let printed = "";
  run.stdout.on("data", (chunk: Buffer) => {
    if (printed.length < MAX_LFS_ANSWER_BYTES) printed += chunk.toString("utf8");
  });
  const { failure } = await run.ended;
  clearTimeout(timer);
  if (failure) throw new Error(failure);
  const { data } = lfsServer.safeParse(parseJson(printed));
  if (!data) throw new Error(`${sshHostOf(upstream.remote)} does not say where it keeps LFS objects.`);
  return { url: data.href.replace(/\/+$/, ""), headers: data.header ?? {} };
}

const protocolOf = ({ headers }: IncomingMessage): string | undefined => {
  const asked = headers["git-protocol"];
  return typeof asked === "string" && /^version=[0-9]$/.test(asked) ? asked : undefined;
};

const head = (response: ServerResponse, type: string): void => {
  response.writeHead(200, { "content-type": type, "cache-control": "no-cache" });
};

/** Asks for nothing, so that the service ends by itself. */
function finish(run: SshRun): void {
  run.stdin.end(FLUSH);
  run.stdout.resume();
}

type Open = { service: GitService; protocol: string | undefined; response: ServerResponse };

/** Starts the service and reads what it says first. @throws Error with the reason when it does not come to that. */
async function open(upstream: SshUpstream, { service, protocol, response }: Open) {
  const run = await runSsh(upstream, { command: `${service} ${quote(upstream.remote.path)}`, gitProtocol: protocol });
  response.on("close", () => response.writableFinished || run.kill());
  // Git may have gone while the name was looked up.
  if (response.destroyed) run.kill();
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    run.kill();
  }, ANSWER_MS);
  try {
    return { run, packets: await readToFlush(run.stdout) };
  } catch (cause) {
    run.kill();
    const { failure } = await run.ended;
    const late = `${sshHostOf(upstream.remote)} did not answer in time.`;
    throw new Error(isLate ? late : (failure ?? `${sshHostOf(upstream.remote)} speaks no git.`), { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** For the host's shell, as git quotes a path. */
const quote = (path: string): string => `'${path.replace(/['!]/g, "'\\$&'")}'`;

async function* bounded(incoming: IncomingMessage): AsyncGenerator<Buffer> {
  const body: Readable = incoming.headers["content-encoding"] === "gzip" ? incoming.pipe(createGunzip()) : incoming;
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FETCH_BYTES) throw new Error("The request is too large.");
    yield chunk;
  }
}

/** The packets up to the first flush and with it; what follows stays in the stream. */
async function readToFlush(stream: Readable): Promise<Buffer[]> {
  const packets: Buffer[] = [];
  for (let size = 0; size < MAX_ADVERTISEMENT_BYTES; ) {
    const start = await readBytes(stream, 4);
    const length = Number.parseInt(start.toString("latin1"), 16);
    if (start.toString("latin1") === FLUSH) return [...packets, start];
    if (!(length > 4)) break;
    packets.push(Buffer.concat([start, await readBytes(stream, length - 4)]));
    size += length;
  }
  throw new Error("not git's protocol");
}

/** @throws Error when the stream ends before. */
async function readBytes(stream: Readable, count: number): Promise<Buffer> {
  for (;;) {
    const bytes = stream.read(count) as Buffer | null;
    if (bytes?.length === count) return bytes;
    if (bytes || stream.readableEnded || stream.destroyed) throw new Error("the connection ended");
    await new Promise<void>((resolve) => {
      const wake = () => {
        for (const event of ["readable", "end", "close"]) stream.removeListener(event, wake);
        resolve();
      };
      for (const event of ["readable", "end", "close"]) stream.on(event, wake);
    });
  }
}
