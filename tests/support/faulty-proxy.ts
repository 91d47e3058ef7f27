/**
 * A PostgreSQL proxy on a unix socket, between one process and the server: falls silent without closing, cuts every
 * line, and loses, doubles or delays notifications. Understands no more than the frames of the server's side.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type HintFault = "lose" | "double" | "delay";

export type FaultyProxy = {
  directory: string;
  /** Nothing gets through any more, and nobody is told. */
  silence(): void;
  /** What was held goes on. */
  speak(): void;
  /** Closes every connection; new ones are taken. */
  cutAll(): void;
  /** Decides the fate of each notification; undefined: it is delivered. */
  onHint(decide: (() => HintFault | undefined) | undefined): void;
  close(): Promise<void>;
};

/** Long enough that a notification is overtaken by several others. */
const DELAY_MS = 300;
const NOTIFICATION = 0x41;

type Line = { client: Socket; upstream: Socket };

export async function startFaultyProxy(serverSocket: string): Promise<FaultyProxy> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-px-"));
  const lines = new Set<Line>();
  let isSilent = false;
  let decide: (() => HintFault | undefined) | undefined;
  const server = createServer((client) => {
    const line: Line = { client, upstream: dial(serverSocket) };
    const { upstream } = line;
    lines.add(line);
    const end = () => {
      client.destroy();
      upstream.destroy();
      lines.delete(line);
    };
    const deliver = createFrameFilter(
      (bytes) => void (client.destroyed || client.write(bytes)),
      () => decide?.(),
    );
    client.on("data", (bytes) => upstream.write(bytes));
    upstream.on("data", deliver);
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    if (isSilent) pause(line);
  });
  const each = (act: (line: Line) => void) => [...lines].forEach(act);
  const pause = ({ client, upstream }: Line) => {
    client.pause();
    upstream.pause();
  };
  await new Promise<void>((resolve) => server.listen(join(directory, ".s.PGSQL.5432"), resolve));
  return {
    directory,
    silence() {
      isSilent = true;
      each(pause);
    },
    speak() {
      isSilent = false;
      each(({ client, upstream }) => {
        client.resume();
        upstream.resume();
      });
    },
    cutAll: () => each(({ client, upstream }) => [client, upstream].forEach((socket) => void socket.destroy())),
    onHint(next) {
      decide = next;
    },
    async close() {
      each(({ client, upstream }) => [client, upstream].forEach((socket) => void socket.destroy()));
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Cuts the server's bytes into frames and lets the notifications among them suffer. */
function createFrameFilter(write: (bytes: Buffer) => void, decide: () => HintFault | undefined) {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    const whole: Buffer[] = [];
    while (rest.length >= 5 && rest.length >= 1 + rest.readUInt32BE(1)) {
      const length = 1 + rest.readUInt32BE(1);
      const frame = rest.subarray(0, length);
      rest = rest.subarray(length);
      const fault = frame[0] === NOTIFICATION ? decide() : undefined;
      if (fault === "delay") setTimeout(write, DELAY_MS, Buffer.from(frame));
      if (fault === undefined || fault === "double") whole.push(frame);
      if (fault === "double") whole.push(frame);
    }
    if (whole.length > 0) write(Buffer.concat(whole));
  };
}
