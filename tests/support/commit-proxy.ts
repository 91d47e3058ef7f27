/** A PostgreSQL proxy on a unix socket that loses a COMMIT, or the answer to one. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, connect as dial, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DatabaseAddress } from "@/db/connect";

export type LostCommit = "request" | "answer";

export type CommitProxy = {
  address: DatabaseAddress;
  /** The line of the next COMMIT ends before that reaches the server, or once it has committed. Undefined: of none. */
  lose(what: LostCommit | undefined): void;
  close(): Promise<void>;
};

/** In front of a server that listens on a socket. */
export async function startCommitProxy(target: DatabaseAddress): Promise<CommitProxy> {
  if (target.kind !== "socket") throw new Error("The proxy stands in front of a socket.");
  const directory = await mkdtemp(join(tmpdir(), "slipway-cp-"));
  const lines = new Set<Socket>();
  let armed: LostCommit | undefined;
  const server = createServer((client) => {
    const upstream = dial(join(target.directory, `.s.PGSQL.${target.port}`));
    let isCommitting = false;
    const end = () => {
      for (const socket of [client, upstream]) {
        socket.destroy();
        lines.delete(socket);
      }
    };
    const hasCommit = createCommitFinder();
    const hasCommitted = createFrames(0);
    client.on("data", (bytes) => {
      const isCommit = hasCommit(bytes);
      if (isCommit && armed === "request") return end();
      isCommitting ||= isCommit && armed === "answer";
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => {
      const isDone = hasCommitted(bytes).some(({ type, body }) => type === "C" && body.toString() === "COMMIT\0");
      if (isCommitting && isDone) return end();
      client.write(bytes);
    });
    for (const socket of [client, upstream]) {
      lines.add(socket);
      socket.on("error", end).on("close", end);
    }
  });
  await new Promise<void>((resolve) => server.listen(join(directory, ".s.PGSQL.5432"), resolve));
  return {
    address: { ...target, directory, port: 5432 },
    lose(what) {
      armed = what;
    },
    async close() {
      for (const socket of lines) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

type Frame = { type: string; body: Buffer };

/** Cuts one side's bytes into its frames. A client's first one has no type. */
function createFrames(untyped: number): (bytes: Buffer) => Frame[] {
  let rest: Buffer = Buffer.alloc(0);
  let left = untyped;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const frames: Frame[] = [];
    for (;;) {
      const at = left > 0 ? 0 : 1;
      if (rest.length < at + 4) return frames;
      const end = at + rest.readUInt32BE(at);
      if (rest.length < end) return frames;
      frames.push({ type: at === 1 ? rest.toString("latin1", 0, 1) : "", body: rest.subarray(at + 4, end) });
      rest = rest.subarray(end);
      left = Math.max(0, left - 1);
    }
  };
}

/** Whether these bytes of a client execute a COMMIT: a text, or a statement that was prepared of it. */
function createCommitFinder(): (bytes: Buffer) => boolean {
  const frames = createFrames(1);
  const prepared = new Set<string>();
  return (bytes) => {
    let found = false;
    for (const { type, body } of frames(bytes)) {
      const [first = "", second = ""] = body.toString("latin1").split("\0");
      if (type === "Q") found ||= first === "commit";
      if (type === "P" && second === "commit") prepared.add(first);
      // Portal and statement.
      if (type === "B") found ||= prepared.has(second);
    }
    return found;
  };
}
