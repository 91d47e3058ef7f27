import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGunzip, gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { gatherAnswer } from "@/lib/server/page-answer";

const HTML = "text/html; charset=utf-8";
const BODY = "<p>A page.</p>".repeat(500);

type Writer = (response: ServerResponse) => void;

async function ask(write: Writer, options: { path?: string; method?: string; encoding?: string } = {}) {
  const server = createServer((incoming, response) => {
    gatherAnswer(incoming, response);
    write(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { path = "/agents", method = "GET", encoding = "gzip, deflate" } = options;
  const { port } = server.address() as AddressInfo;
  const asked = request({ port, host: "127.0.0.1", path, method, headers: { "accept-encoding": encoding } }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return response;
}

async function read(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As Next writes a page: headers first, then a piece at a time. */
const page: Writer = (response) => {
  response.setHeader("content-type", HTML);
  response.setHeader("vary", "rsc");
  response.flushHeaders();
  response.write(BODY.slice(0, 100));
  setImmediate(() => {
    response.write(Buffer.from(BODY.slice(100)));
    response.end();
  });
};

test("a page that is whole soon is compressed once and says its length", async () => {
  const response = await ask(page);
  const bytes = await read(response);
  expect(response.headers).toMatchObject({ "content-encoding": "gzip", vary: "rsc, Accept-Encoding" });
  expect(Number(response.headers["content-length"])).toBe(bytes.length);
  expect(gunzipSync(bytes).toString()).toBe(BODY);
});

test.each(["", "identity", "gzip;q=0, br"])("who accepts %j is given a page as it is", async (encoding) => {
  const response = await ask(page, { encoding });
  expect(response.headers["content-encoding"]).toBeUndefined();
  expect(response.headers.vary).toBe("rsc, Accept-Encoding");
  expect((await read(response)).toString()).toBe(BODY);
});

test("what a slow page has so far arrives before the rest is there", async () => {
  let writer: ServerResponse | undefined;
  const response = await ask((each) => {
    writer = each;
    each.setHeader("content-type", HTML);
    each.write("<p>The frame</p>");
  });
  const text = response.pipe(createGunzip()).setEncoding("utf8");
  expect(await once(text, "data")).toEqual(["<p>The frame</p>"]);
  writer?.end("<p>The rest</p>");
  expect(await once(text, "data")).toEqual(["<p>The rest</p>"]);
  await once(text, "end");
});

test("what is larger than any page streams whole, as fast as it is read", async () => {
  const piece = Buffer.alloc(200_000, "0123456789");
  const response = await ask(async (writer) => {
    writer.setHeader("content-type", HTML);
    for (let count = 0; count < 20; count++) if (!writer.write(piece)) await once(writer, "drain");
    writer.end();
  });
  const whole = gunzipSync(await read(response));
  expect(whole.equals(Buffer.alloc(4_000_000, piece))).toBe(true);
});

test("a file of the build is compressed, a picture and a short answer are not", async () => {
  const send = (type: string, text: string) => (response: ServerResponse) => {
    response.setHeader("content-type", type);
    response.setHeader("content-length", text.length);
    response.end(text);
  };
  const script = await ask(send("application/javascript; charset=UTF-8", BODY), { path: "/_next/static/a.js" });
  expect(gunzipSync(await read(script)).toString()).toBe(BODY);
  const picture = await ask(send("image/png", BODY));
  expect(picture.headers["content-encoding"]).toBeUndefined();
  expect((await read(picture)).toString()).toBe(BODY);
  const short = await ask(send(HTML, "No."));
  expect(short.headers).toMatchObject({ "content-length": "3" });
  expect((await read(short)).toString()).toBe("No.");
});

test("an answer without a body keeps its own headers", async () => {
  const head = await ask(
    (response) => {
      response.setHeader("content-type", HTML);
      response.setHeader("content-length", 7_000);
      response.end();
    },
    { method: "HEAD" },
  );
  expect(head.headers).toMatchObject({ "content-length": "7000" });
  const unchanged = await ask((response) => response.writeHead(304, { etag: '"1"' }).end());
  expect([unchanged.statusCode, unchanged.headers.etag]).toEqual([304, '"1"']);
});
