import { once } from "node:events";
import { connect } from "node:net";
import { setImmediate as nextTick } from "node:timers/promises";
import { expect, test } from "vitest";
import { listen } from "@/lib/server/http-server";

const pages = {
  handle: async () => undefined,
  upgrade: () => undefined,
  isDevelopment: false,
  close: async () => undefined,
};

test("a client that stops reading is cut off; one that is only quiet is not", async () => {
  const server = await listen({ host: "127.0.0.1", port: 0, stuckWriteTimeoutMs: 200 });
  const cancelled: string[] = [];
  server.serve({
    pages,
    routes: async (request) => {
      const { pathname } = new URL(request.url);
      const isFlood = pathname === "/api/flood";
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new Uint8Array(10)),
        pull: async (controller) => {
          await nextTick();
          if (isFlood) controller.enqueue(new Uint8Array(65_536));
          else await new Promise(() => undefined);
        },
        cancel: () => void cancelled.push(pathname),
      });
      return new Response(body, { headers: { "content-type": "text/event-stream", "x-accel-buffering": "no" } });
    },
  });
  const open = (path: string) => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`);
    return socket;
  };
  const quiet = open("/api/quiet");
  await once(quiet, "data");
  const stuck = open("/api/flood");
  stuck.pause();
  await expect.poll(() => cancelled, { timeout: 10_000 }).toEqual(["/api/flood"]);
  stuck.destroy();
  quiet.destroy();
  await server.end();
});
