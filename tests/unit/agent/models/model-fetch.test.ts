import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { createModelPort } from "@/lib/agent/models/create-model";
import { createModelFetch } from "@/lib/agent/models/model-fetch";
import { collectEvents } from "@/tests/support/model-events";

const ask = createModelFetch();
const STREAM = { "content-type": "text/event-stream" };

async function listen(listener: RequestListener) {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function readAll(response: Response): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("a redirect is not followed, whose key it would carry, and says where it leads", async () => {
  const seen: string[] = [];
  const elsewhere = await listen((request, response) => {
    seen.push(`${request.method} ${request.headers["x-api-key"]}`);
    response.writeHead(200, STREAM).end();
  });
  const { url } = await listen((_, response) => {
    response.writeHead(307, { location: `${elsewhere.url}/v1/messages` }).end();
  });
  const port = createModelPort({ provider: "anthropic", apiKey: "sk-key", baseUrl: url, model: "m", options: {} });
  const messages = [{ role: "user" as const, parts: [{ type: "text" as const, text: "hi" }] }];
  const events = await collectEvents(port, { system: [], messages, tools: [] });
  expect(events).toMatchObject([
    { failure: { error: { kind: "config", retryable: false, detail: expect.stringContaining(elsewhere.url) } } },
  ]);
  expect(seen).toEqual([]);
});

test("the request arrives as it was given, and the head of the answer as it was sent", async () => {
  let body = "";
  const { url } = await listen(async (request, response) => {
    for await (const piece of request) body += piece;
    response.writeEarlyHints({ link: "</a>; rel=preload" });
    response.writeHead(429, "Slow Down", { "set-cookie": ["a=1", "b=2"], "x-path": String(request.url) });
    response.end(JSON.stringify(request.headers));
  });
  const headers = { "content-type": "application/json", authorization: "Bearer k" };
  const response = await ask(`${url}/v1/x?alt=sse`, { method: "POST", headers, body: '{"text":"ü"}' });
  expect(response).toMatchObject({ ok: false, status: 429, statusText: "Slow Down" });
  expect(response.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  expect(response.headers.get("x-path")).toBe("/v1/x?alt=sse");
  expect(body).toBe('{"text":"ü"}');
  expect(JSON.parse((await readAll(response)).toString())).toMatchObject({
    ...headers,
    accept: "*/*",
    "content-length": "13",
  });
});

test("of an answer that nobody reads only a little is taken, and all of it by whoever does", async () => {
  const sent = Buffer.alloc(32 * 1024 * 1024, "0123456789");
  let written = 0;
  const { url } = await listen(async (_, response) => {
    response.writeHead(200, STREAM);
    for (; written < sent.length; written += 65_536) {
      if (!response.write(sent.subarray(written, written + 65_536))) await once(response, "drain");
    }
    response.end();
  });
  const response = await ask(url);
  // Until the kernel's buffers are full as well.
  let before = -1;
  const isStanding = () => {
    const stands = before === written;
    before = written;
    return stands;
  };
  await expect.poll(isStanding, { interval: 100 }).toBe(true);
  expect(written).toBeLessThan(sent.length / 2);
  expect((await readAll(response)).equals(sent)).toBe(true);
});

test("a stop before there is a connection ends the request", async () => {
  let requests = 0;
  const { server, url } = await listen(() => {
    requests += 1;
  });
  const stop = new AbortController();
  const asked = ask(url, { signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  await expect.poll(() => new Promise((resolve) => server.getConnections((_, count) => resolve(count)))).toBe(0);
  expect(requests).toBe(0);
  await expect(ask(url, { signal: AbortSignal.abort(new Error("before")) })).rejects.toThrow("before");
});

test("a stop in the middle of an answer ends its body with the reason", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, STREAM).write("data: one\n\n");
  });
  const stop = new AbortController();
  const reader = (await ask(url, { signal: stop.signal })).body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("data: one\n\n");
  const next = reader?.read();
  stop.abort(new Error("enough"));
  await expect(next).rejects.toThrow("enough");
});

test("a connection that breaks is an error of the body after what came", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, STREAM).write("data: one\n\n", () => response.destroy());
  });
  const reader = (await ask(url)).body?.getReader();
  expect((await reader?.read())?.done).toBe(false);
  await expect(reader?.read()).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
});

test("the connection of an answer that was read to its end is used again", async () => {
  let connections = 0;
  const { server, url } = await listen((_, response) => {
    response.writeHead(200, STREAM).end("data: one\n\n");
  });
  server.on("connection", () => {
    connections += 1;
  });
  for (let asked = 0; asked < 6; asked++) await readAll(await ask(url));
  // The next request may come before the pool has heard that the first is over.
  expect(connections).toBeLessThanOrEqual(2);
});

test("of a page instead of a stream only its start is read", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).write(`<html>${"x".repeat(1_000)}`);
  });
  await expect(ask(url)).rejects.toThrow(/answered with text\/html instead of a stream: <html>x{194}$/);
});
