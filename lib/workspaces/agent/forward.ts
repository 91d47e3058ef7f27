/** Leads ports of the sandbox's own loopback to the server's sockets. Reads nothing of what passes. */
import { connect, createServer, type Socket } from "node:net";

/** Per port; the server has limits of its own. */
const MAX_CONNECTIONS = 256;

/** Resolves once the port listens. */
export function forwardPort({ port, socketPath }: { port: number; socketPath: string }): Promise<void> {
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: socketPath, allowHalfOpen: true });
    join(client, upstream);
    join(upstream, client);
  });
  server.maxConnections = MAX_CONNECTIONS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
}

function join(from: Socket, to: Socket): void {
  from.pipe(to);
  from.on("error", () => to.destroy());
  from.on("close", () => to.destroy());
}
