import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { createModelFetch } from "@/lib/agent/models/model-fetch";

afterEach(() => vi.unstubAllGlobals());

test("a model is asked with Node's own fetch, whatever replaces the global one later", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end("data: {}\n\n");
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  vi.stubGlobal("fetch", () => Promise.reject(new Error("traced")));
  const response = await createModelFetch()(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  expect(await response.text()).toBe("data: {}\n\n");
  server.close();
});
