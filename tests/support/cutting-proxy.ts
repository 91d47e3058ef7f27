/** A PostgreSQL proxy on a unix socket that cuts the line while the n-th statement runs, as a kill of the client would. */
import { createServer, connect as dial, type Socket } from "node:net";
import { join } from "node:path";
import type { DatabaseAddress } from "@/db/connect";
import { createTemporaryDirectory } from "./temporary-directory";

export type CuttingProxy = {
  address: DatabaseAddress;
  /** Cuts while the n-th statement from now runs (1 is the next); nobody gets through afterwards. */
  cutAt(n: number): void;
  /** Resolves when it has cut. */
  cut(): Promise<void>;
};

/** Call it at the top of a test file, with `await`. In front of a server that listens on a socket. */
export async function createCuttingProxy(target: DatabaseAddress): Promise<CuttingProxy> {
  if (target.kind !== "socket") throw new Error("The proxy stands in front of a socket.");
  const directory = await createTemporaryDirectory();
  let count = 0;
  let cut = Promise.withResolvers<void>();
  let limit = Number.POSITIVE_INFINITY;
  const server = createServer((client) => {
    // Who was killed does not come back.
    if (count >= limit) return client.destroy();
    const upstream = dial(join(target.directory, `.s.PGSQL.${target.port}`));
    const end = () => [client, upstream].forEach((socket: Socket) => void socket.destroy());
    const watch = createStatementCounter(() => {
      count += 1;
      if (count !== limit) return;
      setImmediate(end);
      cut.resolve();
    });
    client.on("data", (bytes) => {
      upstream.write(bytes);
      watch(bytes);
    });
    upstream.pipe(client);
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
  });
  await new Promise<void>((resolve) => server.listen(join(directory, ".s.PGSQL.5432"), resolve));
  server.unref();
  return {
    address: { ...target, directory, port: 5432 },
    cutAt: (n) => {
      count = 0;
      limit = n;
      cut = Promise.withResolvers();
    },
    cut: () => cut.promise,
  };
}

/** Calls back for each simple query and each parsed statement of the client's side of a connection. */
function createStatementCounter(onStatement: () => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  // The first message, the startup, has no type.
  let typeBytes = 0;
  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= typeBytes + 4) {
      const length = typeBytes + rest.readUInt32BE(typeBytes);
      if (rest.length < length) return;
      const type = typeBytes === 1 ? String.fromCharCode(rest[0] as number) : "";
      rest = rest.subarray(length);
      typeBytes = 1;
      if (type === "Q" || type === "P") onStatement();
    }
  };
}
