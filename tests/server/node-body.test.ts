import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, expect, test } from "vitest";
import { listen } from "@/lib/server/http-server";
import { type Connection, createConnection, MAX_QUEUED_BYTES } from "@/lib/streams/connection";

const pages = { handle: async () => undefined, upgrade: () => undefined, isDevelopment: false, close: async () => {} };
const server = await listen({ host: "127.0.0.1", port: 0 });
let onOpen: (connection: Connection) => void = () => undefined;
let closed = 0;
server.serve({
  pages,
  routes: async (request) => {
    const onClose = () => {
      closed += 1;
    };
    const connection = createConnection({ request, onClose });
    connection.send(bytesOf("before the socket"));
    onOpen(connection);
    return connection.response;
  },
});
afterAll(() => server.end());

const bytesOf = (text: string) => new TextEncoder().encode(`data: ${text}\n\n`);
const address = `${server.url}/api/stream`;

const nextConnection = () =>
  new Promise<Connection>((resolve) => {
    onOpen = resolve;
  });

function openSocket(version: string): Socket {
  const socket = connect(server.port, "127.0.0.1");
  socket.write(`GET /api/stream HTTP/${version}\r\nHost: 127.0.0.1\r\n\r\n`);
  return socket;
}

test("what was sent before and after the socket was taken arrives in order, and the answer ends whole", async () => {
  const opened = nextConnection();
  const response = await fetch(address);
  const connection = await opened;
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  connection.send(bytesOf("one"));
  connection.send(bytesOf("zwei ä"));
  connection.close();
  connection.send(bytesOf("too late"));
  expect(await response.text()).toBe("retry: 1000\n\ndata: before the socket\n\ndata: one\n\ndata: zwei ä\n\n");
});

test("every viewer is given the same event, each in its own answer", async () => {
  const open = async () => {
    const opened = nextConnection();
    const response = await fetch(address);
    return { response, connection: await opened };
  };
  const bodies = [await open(), await open()];
  const event = bytesOf("shared");
  for (const { connection } of bodies) connection.send(event);
  for (const { connection } of bodies) connection.close();
  const texts = await Promise.all(bodies.map(({ response }) => response.text()));
  expect(texts[0]).toContain("data: shared\n\n");
  expect(texts[1]).toBe(texts[0]);
});

test("a client of HTTP/1.0 gets the events without chunks, until the connection ends", async () => {
  const opened = nextConnection();
  const socket = openSocket("1.0").setEncoding("utf8");
  let received = "";
  socket.on("data", (text) => {
    received += text;
  });
  (await opened).close();
  await once(socket, "end");
  expect(received.split("\r\n\r\n")[1]).toBe("retry: 1000\n\ndata: before the socket\n\n");
});

test("a connection hears that its client is gone", async () => {
  const before = closed;
  const opened = nextConnection();
  const socket = openSocket("1.1");
  await once(socket, "data");
  const connection = await opened;
  socket.destroy();
  await expect.poll(() => connection.isClosed).toBe(true);
  expect(closed).toBe(before + 1);
  connection.send(bytesOf("nobody"));
});

test("whoever waits for room goes on when the reader took something; a reader beyond its bound is cut off", async () => {
  const opened = nextConnection();
  const socket = openSocket("1.1");
  await once(socket, "data");
  socket.pause();
  const connection = await opened;
  const large = new Uint8Array(MAX_QUEUED_BYTES / 4);
  // The kernel's buffers first.
  while (connection.hasRoom(large)) {
    connection.send(large);
    await new Promise(setImmediate);
  }
  const room = connection.waitForRoom();
  socket.resume();
  await room;
  expect(connection.hasRoom(large)).toBe(true);
  socket.pause();
  while (!connection.isClosed) {
    connection.send(large);
    await new Promise(setImmediate);
  }
  socket.destroy();
});
