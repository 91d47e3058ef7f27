/** Next as a library: pages and assets. It never sees the real server, which it would add listeners to. */
import { createServer } from "node:http";
import next from "next";
import type { Pages } from "./http-server";

/** Prepares Next. Its own upgrade listener (reloading in development) stays on a server that listens nowhere. */
export async function createPages(options: {
  root: string;
  isDevelopment: boolean;
  host: string;
  port: number;
}): Promise<Pages> {
  const shield = createServer();
  const app = next({
    dev: options.isDevelopment,
    dir: options.root,
    hostname: options.host,
    port: options.port,
    httpServer: shield,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  return {
    isDevelopment: options.isDevelopment,
    handle: (request, response) => handle(request, response),
    upgrade: (request, socket, head) => void shield.emit("upgrade", request, socket, head),
    close: () => app.close(),
  };
}
