import { beforeEach, expect, test } from "vitest";
import { createTabLeader, type TabLeader } from "@/components/live/tab-leader";
import { createTabMember, type TabMember } from "@/components/live/tab-member";
import type { FromLeader } from "@/components/live/tab-protocol";
import { LIST } from "@/components/live/tab-protocol";
import type { MultiplexedEvent } from "@/lib/contract/events";
import { encodeSseEvent } from "@/lib/contract/sse";

/** A server that speaks the stream's protocol: numbered events per stream, resumed from the cursors of the request. */
function createStreamServer() {
  const logs = new Map<string, MultiplexedEvent[]>();
  const open = new Set<{ chats: Map<string, number>; controller: ReadableStreamDefaultController<Uint8Array> }>();
  const requests: string[] = [];
  const encoder = new TextEncoder();
  const write = (
    to: { chats: Map<string, number>; controller: ReadableStreamDefaultController<Uint8Array> },
    stream: string,
  ) => {
    const log = logs.get(stream) ?? [];
    for (let n = to.chats.get(stream) ?? 0; n < log.length; n++) {
      const event = log[n] as MultiplexedEvent;
      const text = encodeSseEvent({ event: event.type, id: `${stream}-${n + 1}`, data: JSON.stringify(event) });
      to.controller.enqueue(encoder.encode(text));
    }
    to.chats.set(stream, log.length);
  };
  const fetchStream = async (input: string | URL | Request, init?: RequestInit) => {
    const url = new URL(String(input), "http://slipway.test");
    requests.push(url.search);
    const chats = new Map<string, number>();
    for (const chat of url.searchParams.getAll("chat")) {
      const [id = "", cursor] = chat.split("~");
      chats.set(id, cursor ? Number(cursor.split("-").at(-1)) : 0);
    }
    if (url.searchParams.has("watch")) chats.set(LIST, Number(url.searchParams.get("cursor")?.split("-").at(-1) ?? 0));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const connection = { chats, controller };
        open.add(connection);
        init?.signal?.addEventListener("abort", () => {
          if (open.delete(connection)) controller.error(init.signal?.reason);
        });
        for (const stream of chats.keys()) write(connection, stream);
      },
    });
    return new Response(body, { status: 200 });
  };
  return {
    fetch: fetchStream as typeof fetch,
    requests,
    openCount: () => open.size,
    emit(stream: string, event: MultiplexedEvent) {
      logs.set(stream, [...(logs.get(stream) ?? []), event]);
      for (const connection of open) if (connection.chats.has(stream)) write(connection, stream);
    },
  };
}

type Tab = {
  name: string;
  member: TabMember;
  seen: number[];
  follow: (stream: string, cursor: string | null) => () => void;
};

let server: ReturnType<typeof createStreamServer>;
let tabs: Tab[];
let leader: TabLeader | undefined;

function elect() {
  const send = (message: FromLeader) => {
    for (const tab of tabs) tab.member.receive(message);
  };
  leader = createTabLeader({ send, fetch: server.fetch });
  send({ type: "leader", to: null });
}

function openTab(name: string): Tab {
  const seen: number[] = [];
  const member = createTabMember({ tab: name, fetch: server.fetch, send: (message) => leader?.receive(message) });
  const onEvent = (event: MultiplexedEvent) => {
    if (event.type === "message_part") seen.push(event.seq);
    if (event.type === "resync") seen.push(-1);
  };
  const tab = {
    name,
    member,
    seen,
    follow: (stream: string, cursor: string | null) => member.subscribe(stream, cursor, { onEvent }),
  };
  tabs.push(tab);
  return tab;
}

const part = (chatId: string, seq: number): MultiplexedEvent => ({
  type: "message_part",
  chat_id: chatId,
  role: "assistant",
  part: { type: "text", delta: String(seq) },
  episode: "1.1",
  seq,
});

const until = (condition: () => boolean) => expect.poll(condition, { interval: 2, timeout: 5_000 }).toBe(true);
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

beforeEach(() => {
  server = createStreamServer();
  tabs = [];
  leader = undefined;
  return () => {
    leader?.close();
    for (const tab of tabs) tab.member.close();
  };
});

test("tabs with different chats share one connection", async () => {
  elect();
  const one = openTab("one");
  const two = openTab("two");
  one.follow("a", null);
  two.follow("b", null);
  await until(() => server.openCount() === 1);
  server.emit("a", part("a", 1));
  server.emit("b", part("b", 7));
  await until(() => one.seen.length === 1 && two.seen.length === 1);
  expect([one.seen, two.seen]).toEqual([[1], [7]]);
  expect(server.openCount()).toBe(1);
});

test("a tab that stands at a position the leader remembers gets exactly what it missed", async () => {
  elect();
  const one = openTab("one");
  one.follow("a", null);
  for (const seq of range(1, 5)) server.emit("a", part("a", seq));
  await until(() => one.seen.length === 5);
  const two = openTab("two");
  two.follow("a", "a-3");
  expect(two.seen).toEqual([4, 5]);
  server.emit("a", part("a", 6));
  await until(() => two.seen.length === 3);
  expect(two.seen).toEqual([4, 5, 6]);
  expect(server.openCount()).toBe(1);
});

test("a tab at an unknown position reads alone, loses nothing, and joins the leader later", async () => {
  for (const seq of range(1, 5)) server.emit("a", part("a", seq));
  elect();
  const one = openTab("one");
  one.follow("a", "a-4");
  await until(() => one.seen.length === 1);
  const two = openTab("two");
  two.follow("a", "a-2");
  await until(() => two.seen.length === 3);
  let seq = 5;
  await until(() => {
    server.emit("a", part("a", ++seq));
    return server.openCount() === 1;
  });
  await until(() => two.seen.at(-1) === seq && one.seen.at(-1) === seq);
  expect(two.seen).toEqual(range(3, seq));
  expect(one.seen).toEqual(range(5, seq));
});

test("when the leader goes, the next one resumes every tab where it stood", async () => {
  elect();
  const one = openTab("one");
  const two = openTab("two");
  one.follow("a", null);
  two.follow("a", null);
  two.follow("b", null);
  server.emit("a", part("a", 1));
  await until(() => one.seen.includes(1) && two.seen.includes(1));
  leader?.close();
  server.emit("a", part("a", 2));
  server.emit("b", part("b", 100));
  elect();
  await until(() => one.seen.includes(2) && two.seen.includes(2) && two.seen.includes(100));
  expect(one.seen).toEqual([1, 2]);
  expect(two.seen.filter((seq) => seq < 100)).toEqual([1, 2]);
});

test("a chat that no tab shows any more is left out of the next connection", async () => {
  elect();
  const one = openTab("one");
  const leave = one.follow("a", null);
  one.follow("b", null);
  await until(() => server.openCount() === 1);
  leave();
  await until(() => server.requests.at(-1) === "?chat=b");
});

test("a tab without a position in the list reads its pages again once", async () => {
  elect();
  const one = openTab("one");
  one.follow(LIST, "list-0");
  expect(one.seen).toEqual([]);
  const two = openTab("two");
  two.follow(LIST, null);
  expect(two.seen).toEqual([-1]);
});
