import { expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { createStreamHub } from "@/lib/streams/hub";
import { createTestApi, type SignedInClient } from "../support/api";
import { insertChat, insertMessage } from "../support/rows";
import { connect, type Received } from "../support/stream-client";

const api = await createTestApi();
const { sql, runtime } = api;
runtime.streams = createStreamHub({ sql, pubsub: runtime.pubsub, clock: systemClock, bootId: runtime.bootId });
const ada = await api.asMember();
const bob = await api.asMember();

async function newChat(owner: SignedInClient): Promise<string> {
  const chatId = await insertChat(sql, { ownerId: owner.user.id });
  await insertMessage(sql, { chatId, role: "user", createdBy: owner.user.id });
  return chatId;
}

const open = (client: SignedInClient, path: string, lastEventId?: string) =>
  connect(
    (request) =>
      client.fetch(path, { signal: request.signal, headers: lastEventId ? { "last-event-id": lastEventId } : {} }),
    {},
  );
const isType = (type: string) => (received: Received) => received.event === type;

test("a chat's stream has the headers that keep proxies from holding it back", async () => {
  const client = await open(ada, `/chats/${await newChat(ada)}/stream`);
  const { headers, status } = client.response;
  expect(status).toBe(200);
  expect(headers.get("content-type")).toBe("text/event-stream");
  expect(headers.get("cache-control")).toBe("no-cache, no-transform");
  expect(headers.get("x-accel-buffering")).toBe("no");
  await client.waitFor(isType("queue_update"));
  for (const { event, data } of client.events) expect(data.type).toBe(event);
  await client.disconnect();
});

test("Last-Event-ID and ?cursor= resume; the header is the newer one", async () => {
  const chatId = await newChat(ada);
  const first = await open(ada, `/chats/${chatId}/stream`);
  const message = await first.waitFor(isType("message"));
  const end = await first.waitFor(isType("queue_update"));
  await first.disconnect();
  for (const again of [
    await open(ada, `/chats/${chatId}/stream?cursor=${message.id}`),
    await open(ada, `/chats/${chatId}/stream`, message.id),
    await open(ada, `/chats/${chatId}/stream?cursor=${end.id}`, message.id),
  ]) {
    await again.waitFor(isType("queue_update"));
    expect(again.events.map(({ event }) => event)).toEqual(["status", "queue_update"]);
    await again.disconnect();
  }
});

const status = async (client: { get: SignedInClient["get"] }, path: string) => (await client.get(path)).status;

test("bad input is refused before the stream begins", async () => {
  const chatId = await newChat(ada);
  const other = await newChat(ada);
  const stream = await open(ada, `/chats/${other}/stream`);
  const foreignCursor = (await stream.waitFor(isType("queue_update"))).id;
  await stream.disconnect();
  for (const path of [
    `/chats/${chatId}/stream?cursor=nonsense`,
    `/chats/${chatId}/stream?cursor=${foreignCursor}`,
    `/chats/${chatId}/stream?after_id=-1`,
    `/chats/${chatId}/stream?after_id=x`,
    `/chats/${chatId}/stream?unknown=1`,
    "/chats/watch?cursor=nonsense",
    "/stream",
    "/stream?watch=2",
    `/stream?chat=${chatId}&chat=${chatId}`,
    `/stream?chat=${chatId}~nonsense`,
    `/stream?${Array.from({ length: 31 }, () => `chat=${newId()}`).join("&")}`,
  ]) {
    expect([path, await status(ada, path)]).toEqual([path, 400]);
  }
});

test("strangers learn nothing: 401 without a credential, 404 for another person's chat", async () => {
  const chatId = await newChat(ada);
  for (const path of [`/chats/${chatId}/stream`, "/chats/watch", `/stream?chat=${chatId}`]) {
    expect(await status(api.anonymous, path)).toBe(401);
  }
  const admin = await api.asAdmin();
  for (const client of [bob, admin]) {
    for (const path of [`/chats/${chatId}/stream`, `/stream?watch=1&chat=${chatId}`]) {
      const foreign = await client.get(path);
      const missing = await client.get(path.replace(chatId, newId()));
      expect([foreign.status, missing.status]).toEqual([404, 404]);
      expect({ ...foreign.body, request_id: "" }).toEqual({ ...missing.body, request_id: "" });
    }
  }
  expect(await status(ada, "/chats/not-a-uuid/stream")).toBe(404);
  expect(await status(ada, "/stream?chat=not-a-uuid")).toBe(404);
});

test("one connection carries several chats and the list, each event with its chat", async () => {
  const [one, two] = [await newChat(ada), await newChat(ada)];
  const client = await open(ada, `/stream?watch=1&chat=${one}&chat=${two}`);
  for (const chatId of [one, two]) {
    await client.waitFor(
      (received) => "chat_id" in received.data && received.data.chat_id === chatId && received.event === "queue_update",
    );
  }
  runtime.pubsub.publish({
    type: "chat",
    chatId: one,
    ownerId: ada.user.id,
    rootChatId: null,
    version: 0,
    status: null,
    watch: ["title_change"],
    runnable: false,
  });
  await client.waitFor(isType("chat"));
  await client.disconnect();

  const cursorOf = (chatId: string) =>
    client.events.filter(({ data }) => "chat_id" in data && data.chat_id === chatId).at(-1)?.id;
  const listCursor = client.events.find(isType("chat"))?.id;
  const resumed = await open(
    ada,
    `/stream?watch=1&cursor=${listCursor}&chat=${one}~${cursorOf(one)}&chat=${two}~${cursorOf(two)}`,
  );
  await insertMessage(sql, { chatId: two });
  await sql`UPDATE chat_runs SET snapshot_version = snapshot_version + 1, history_version = snapshot_version + 1 WHERE chat_id = ${two}`;
  await resumed.waitFor(isType("message"));
  // The list may say something as well, once its repair finds the version that no hint told.
  expect(resumed.events.every(({ data }) => data.type === "chat" || ("chat_id" in data && data.chat_id === two))).toBe(
    true,
  );
  await resumed.disconnect();

  // A browser that reconnects by itself sends one id: it belongs to one of the chats, the others use their cursors.
  const byHeader = await open(ada, `/stream?chat=${one}&chat=${two}~${resumed.lastEventId()}`, cursorOf(one));
  runtime.pubsub.publish({ type: "resync" });
  await sql`UPDATE chat_runs SET snapshot_version = snapshot_version + 1, queue_version = snapshot_version + 1 WHERE chat_id = ${one}`;
  await byHeader.waitFor((received) => received.event === "queue_update");
  expect(byHeader.events.filter(isType("message"))).toEqual([]);
  await byHeader.disconnect();
  await expect.poll(() => runtime.streams.openCount).toBe(0);
});
