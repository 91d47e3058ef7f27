/** The viewer that a chaos round waits for: what it says it shows is what a person would see. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { startViewer } from "../../chaos/viewer";
import { createRandom } from "../../support/random";

const streams: ServerResponse[] = [];
const cursors: (string | undefined)[] = [];
const server = createServer((request, response) => {
  cursors.push(request.headers["last-event-id"] as string | undefined);
  response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
  streams.push(response);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const say = (stream: ServerResponse | undefined, id: string, data: unknown) =>
  void stream?.write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`);
/** Never cuts itself off; a new tab comes when it is told to. */
function createTabs() {
  const tabs = { isNext: false };
  return { tabs, random: { ...createRandom(1), chance: (chance: number) => (chance === 0.1 ? tabs.isNext : true) } };
}

test("a new tab shows nothing until its state is there, whatever the one before it had shown", async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { tabs, random } = createTabs();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const viewer = startViewer({ chatId: "c", token: "t", pickUrl: () => url, random });
  await expect.poll(() => streams.length).toBe(1);
  say(streams[0], "a", { type: "status", status: "waiting", version: 11 });
  await expect.poll(() => viewer.shown().version).toBe(11);

  streams[0]?.destroy();
  await expect.poll(() => streams.length).toBe(2);
  expect(cursors).toEqual([undefined, "a"]);
  expect(viewer.shown().version).toBe(11);

  tabs.isNext = true;
  streams[1]?.destroy();
  await expect.poll(() => streams.length).toBe(3);
  say(streams[2], "b", { type: "message", message: { id: 1 } });
  await expect.poll(() => viewer.transcript.entries.length).toBe(5);
  expect(cursors[2]).toBeUndefined();
  expect(viewer.shown().version).toBe(-1);
  await viewer.close();
});
