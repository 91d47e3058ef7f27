import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect, onTestFinished, test, vi } from "vitest";
import { createModelPort, type SupportedProvider } from "@/lib/agent/models/create-model";
import { createModelFetch } from "@/lib/agent/models/model-fetch";
import type { ChatError } from "@/lib/contract/chats";
import { says } from "@/tests/support/model-call";
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

const readAll = (response: Response) => buffer(response.body as ReadableStream<Uint8Array>);

/** Of one call of a model at this address. */
async function failureOf(settings: { provider: SupportedProvider; baseUrl: string }): Promise<ChatError | undefined> {
  const port = createModelPort({
    ...settings,
    apiKey: "sk-key",
    model: "m",
    settings: { region: "eu-west-1" },
    options: {},
  });
  const last = (await collectEvents(port, { system: [], messages: [says("hi")], tools: [] })).at(-1);
  return last?.type === "failure" ? last.failure.error : undefined;
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
  expect(await failureOf({ provider: "anthropic", baseUrl: url })).toMatchObject({
    kind: "config",
    retryable: false,
    detail: expect.stringContaining(elsewhere.url),
  });
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

test("an answer whose end comes while its reader is away is read to it", async () => {
  const sent = Buffer.alloc(300_000, "0123456789");
  let isWritten = false;
  const { url } = await listen((_, response) => {
    response.writeHead(200, STREAM).end(sent, () => {
      isWritten = true;
    });
  });
  const response = await ask(url);
  await expect.poll(() => isWritten).toBe(true);
  // As much is taken as is without a reader: both ends are in this process.
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
  expect((await readAll(response)).equals(sent)).toBe(true);
});

test.each([
  ["what is no HTTP", "garbage\r\n\r\n"],
  [
    "a body without its end",
    `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\ndata:`,
  ],
])("%s is a failure that can be tried again", async (_, answer) => {
  const server = createTcpServer((socket) => socket.end(answer)).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  for (const provider of ["anthropic", "bedrock"] as const) {
    expect(await failureOf({ provider, baseUrl })).toMatchObject({ kind: "timeout", retryable: true });
  }
});

test("an answer in a coding that was not asked for says so, and none is asked for", async () => {
  let asked: string | undefined;
  const { url } = await listen((request, response) => {
    asked = request.headers["accept-encoding"];
    response.writeHead(200, { ...STREAM, "content-encoding": "gzip" }).end(gzipSync("data: {}\n\n"));
  });
  await expect(ask(url)).rejects.toThrow("answers in gzip");
  expect(asked).toBe("identity");
});

test("an error in a coding that was not asked for is tried again as its status says", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(503, { "content-type": "text/html", "content-encoding": "gzip" }).end(gzipSync("Busy."));
  });
  expect(await failureOf({ provider: "anthropic", baseUrl: url })).toMatchObject({ kind: "timeout", retryable: true });
});

test("a user's name in the address is refused instead of being left out", async () => {
  await expect(ask("http://ada:secret@127.0.0.1:1/")).rejects.toThrow("a user's name or password");
});

test("whatever replaces the global fetch later is not asked", async () => {
  const { url } = await listen((_, response) => {
    response.writeHead(200, STREAM).end("data: {}\n\n");
  });
  vi.stubGlobal("fetch", () => Promise.reject(new Error("traced")));
  onTestFinished(() => void vi.unstubAllGlobals());
  expect((await readAll(await ask(url))).toString()).toBe("data: {}\n\n");
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
