import { expect, test } from "vitest";
import { findResetVersion, listMessages } from "@/db/queries/messages";
import { archiveChat, unarchiveChat } from "@/lib/chats/archive";
import { failTurn, recordAttempt } from "@/lib/chats/runner-commits";
import { sendMessage } from "@/lib/chats/send-message";
import { settleParts } from "@/lib/contract/fold-parts";
import { encodeCursor, startPosition } from "@/lib/streams/cursor";
import { countStatements } from "../support/count-statements";
import { createTestDatabase } from "../support/database";
import type { HandRunner } from "../support/hand-runner";
import { createStreamWorld, isType, statusIs, typesOf } from "../support/stream-world";
import { createStrictViewer } from "../support/strict-viewer";

const database = await createTestDatabase();
const { sql } = database;
const world = createStreamWorld(database);
const { hub, pubsub } = world;
const writer = { sql, pubsub };

const send = (runner: HandRunner, content: string) =>
  sendMessage(writer, { chatId: runner.chatId, ownerId: runner.ownerId, content, busyBehavior: "queue" });

/** What an edit does to the rows, past the state machine. */
async function removeRowsAfter(chatId: string, afterId: number, ownerId: string) {
  await sql`UPDATE chat_messages SET deleted = true WHERE chat_id = ${chatId} AND id > ${afterId}`;
  const [run] = await sql<{ version: number }[]>`
    UPDATE chat_runs SET snapshot_version = snapshot_version + 1, history_version = snapshot_version + 1,
      reset_version = snapshot_version + 1, generation_attempt = 0
    WHERE chat_id = ${chatId} RETURNING snapshot_version AS version`;
  pubsub.publish({
    type: "chat",
    chatId,
    ownerId,
    rootChatId: null,
    version: run!.version,
    status: null,
    watch: [],
    runnable: false,
  });
}

test("a viewer gets rows, status and queue first, then the turn live", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  expect(client.text().startsWith("retry: 1000\n\n")).toBe(true);
  expect(typesOf(client)).toEqual(["message", "status", "queue_update"]);

  await runner.acquire();
  await client.waitFor(statusIs("running"));
  runner.say({ type: "text", delta: "Looking" });
  await client.waitFor(isType("message_part"));
  await runner.commitAnswer([{ type: "text", text: "Looking" }]);
  await runner.finish();
  await client.waitFor(statusIs("waiting"));
  expect(typesOf(client).slice(3)).toEqual(["status", "message_part", "message", "status"]);
  await client.disconnect();
  expect(hub.openCount).toBe(0);
});

test("one statement is read per notification, whatever the number of viewers and the length of the chat", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const clients = await Promise.all(Array.from({ length: 5 }, () => world.view(runner)));
  await Promise.all(clients.map((client) => client.waitFor(statusIs("running"))));
  for (const rows of [3, 300]) {
    await sql`INSERT INTO chat_messages (chat_id, role, content, content_version)
      SELECT ${runner.chatId}, 'user', '[{"type":"text","text":"old"}]', 1 FROM generate_series(1, ${rows})`;
    runner.hintFromElsewhere();
    await Promise.all(
      clients.map((client) => client.waitFor(() => client.events.filter(isType("message")).length >= rows)),
    );
    const statements = await countStatements(sql, async () => {
      pubsub.publish({
        type: "chat",
        chatId: runner.chatId,
        ownerId: runner.ownerId,
        rootChatId: null,
        version: Number.MAX_SAFE_INTEGER,
        status: "running",
        watch: [],
        runnable: false,
      });
      await send(runner, "queued");
      await Promise.all(
        clients.map((client) =>
          client.waitFor(() => client.events.filter(isType("queue_update")).length >= (rows === 3 ? 2 : 3)),
        ),
      );
    });
    const reads = statements.filter((text) => text.includes("json_build_object"));
    // Two notifications: the one by hand and the one of the transition.
    expect(reads.length).toBeGreaterThan(0);
    expect(reads.length).toBeLessThanOrEqual(2);
  }
  await Promise.all(clients.map((client) => client.disconnect()));
});

test("a hint of a version that is known, or that comes twice, reads nothing", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  const statements = await countStatements(sql, async () => {
    for (let i = 0; i < 10; i += 1) {
      pubsub.publish({
        type: "chat",
        chatId: runner.chatId,
        ownerId: runner.ownerId,
        rootChatId: null,
        version: 1,
        status: "pending",
        watch: [],
        runnable: false,
      });
    }
  });
  expect(statements).toEqual([]);
  await client.disconnect();
});

test("after_id skips rows and nothing else, also when no row has that id", async () => {
  const runner = await world.newRunner();
  const first = await world.view(runner);
  const row = await first.waitFor(isType("message"));
  const id = row.data.type === "message" ? row.data.message.id : 0;
  for (const afterId of [id, id + 1_000_000]) {
    const client = await world.view(runner, { afterId });
    await client.waitFor(isType("queue_update"));
    expect(typesOf(client)).toEqual(["status", "queue_update"]);
    await client.disconnect();
  }
  await first.disconnect();
});

test("a late viewer gets the parts so far, folded, and the next live one follows their number", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const early = await world.view(runner);
  const strict = createStrictViewer();
  for (let i = 0; i < 20; i += 1) {
    runner.say({ type: "text", delta: `word${i} ` });
    await early.waitFor(() => JSON.stringify(early.events).includes(`word${i} `));
  }
  const late = await world.view(runner);
  await late.waitFor(isType("message_part"));
  runner.say({ type: "text", delta: "end" });
  await late.waitFor((received) => JSON.stringify(received.data).includes('"end"'));
  for (const { data } of late.events) strict.take(data as never);
  const parts = late.events.filter(isType("message_part"));
  expect(parts).toHaveLength(2);
  expect(settleParts(strict.parts)).toEqual([
    { type: "text", text: `${Array.from({ length: 20 }, (_, i) => `word${i} `).join("")}end` },
  ]);
  expect(strict.seq).toBe(21);
  // In step: the same event has the same id for everybody.
  expect(late.events.at(-1)?.id).toBe(early.events.at(-1)?.id ?? "");
  await Promise.all([early.disconnect(), late.disconnect()]);
});

test("a viewer that was cut off in the middle of its first snapshot is told before folded parts come", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const first = await world.view(runner);
  // Folded parts do not begin at 1.
  for (const delta of ["Look", "ing at", " it"]) {
    runner.say({ type: "text", delta });
    await first.waitFor(
      ({ data }) => data.type === "message_part" && "delta" in data.part && data.part.delta === delta,
    );
  }
  const row = first.events.find(isType("message"));
  const second = await world.view(runner, { cursor: row?.id });
  await second.waitFor(isType("message_part"));
  expect(typesOf(second)).toEqual(["status", "queue_update", "preview_reset", "message_part"]);
  await Promise.all([first.disconnect(), second.disconnect()]);
  await runner.commitAnswer([{ type: "text", text: "Looking at it" }]);
  await runner.finish();
});

test("a retry drops the parts with its first part, not before", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const client = await world.view(runner);
  runner.say({ type: "text", delta: "failed" });
  await client.waitFor(isType("message_part"));
  await recordAttempt(writer, {
    chatId: runner.chatId,
    fence: runner.fence(),
    call: null,
    retry: {
      attempt: 1,
      delay_ms: 1000,
      retrying_at: new Date().toISOString(),
      kind: "overloaded",
      message: "The provider is overloaded.",
      provider: "anthropic",
      status_code: 529,
    },
  });
  await client.waitFor(isType("retry"));
  const late = await world.view(runner);
  await late.waitFor(isType("message_part"));
  expect(typesOf(late)).toEqual(["message", "status", "queue_update", "retry", "message_part"]);
  await runner.retry();
  expect(typesOf(client)).not.toContain("preview_reset");
  runner.say({ type: "text", delta: "better" });
  await client.waitFor(
    (received) =>
      received.data.type === "message_part" && received.data.seq === 1 && received.data.episode.endsWith(".2"),
  );
  const types = typesOf(client);
  expect(types.slice(-2)).toEqual(["preview_reset", "message_part"]);
  await Promise.all([client.disconnect(), late.disconnect()]);
});

test("a turn that fails drops its parts and says why, now and to whoever comes later", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const client = await world.view(runner);
  runner.say({ type: "text", delta: "half" });
  await client.waitFor(isType("message_part"));
  const error = {
    kind: "auth",
    message: "The key was refused.",
    provider: "anthropic",
    status_code: 401,
    retryable: false,
    detail: null,
  } as const;
  await failTurn(writer, { chatId: runner.chatId, fence: runner.fence(), error, call: null });
  const received = await client.waitFor(isType("error"));
  expect(received.data).toEqual({ type: "error", chat_id: runner.chatId, ...error });
  expect(typesOf(client).slice(-3)).toEqual(["preview_reset", "status", "error"]);
  const late = await world.view(runner);
  await late.waitFor(isType("error"));
  expect(typesOf(late)).toEqual(["message", "status", "queue_update", "error"]);
  await Promise.all([client.disconnect(), late.disconnect()]);
});

test("rows that are removed come again from the start, live and to whoever resumes", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  const live = await world.view(runner);
  await runner.commitAnswer([{ type: "text", text: "one" }]);
  await live.waitFor(() => live.events.filter(isType("message")).length === 2);
  const away = await world.view(runner);
  await away.waitFor(isType("queue_update"));
  const cursor = away.lastEventId();
  await away.disconnect();

  const [first] = live.events.filter(isType("message"));
  const firstId = first?.data.type === "message" ? first.data.message.id : 0;
  await removeRowsAfter(runner.chatId, firstId, runner.ownerId);
  const back = await world.view(runner, { cursor });
  for (const client of [live, back]) {
    await client.waitFor(isType("history_reset"));
    const afterReset = () => client.events.slice(client.events.findIndex(isType("history_reset")) + 1);
    await client.waitFor(() => afterReset().some(isType("queue_update")));
    expect(afterReset().filter(isType("message"))).toHaveLength(1);
  }
  await Promise.all([live.disconnect(), back.disconnect()]);
});

test("a page whose rows are removed before it connects is told so first", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  await runner.commitAnswer([{ type: "text", text: "one" }]);
  const of = { chatId: runner.chatId, ownerId: runner.ownerId };
  const resetVersion = await findResetVersion(database.db, of);
  const { messages } = await listMessages(database.db, { ...of, limit: 50 });
  const cursor = encodeCursor(runner.chatId, { ...startPosition(messages[0]?.id), resetVersion });
  await removeRowsAfter(runner.chatId, messages.at(-1)?.id ?? 0, runner.ownerId);
  const client = await world.view(runner, { cursor });
  await client.waitFor(isType("queue_update"));
  expect(typesOf(client)).toEqual(["history_reset", "message", "status", "queue_update"]);
  await client.disconnect();
});

test("a cursor at the end brings nothing again; one before a change of state brings the state", async () => {
  const runner = await world.newRunner();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  await client.disconnect();
  const atEnd = await world.view(runner, { cursor: client.lastEventId() });
  await send(runner, "more");
  await atEnd.waitFor(isType("queue_update"));
  expect(typesOf(atEnd)).toEqual(["status", "queue_update"]);
  await atEnd.disconnect();
  const behind = await world.view(runner, { cursor: client.lastEventId() });
  await behind.waitFor(isType("queue_update"));
  expect(typesOf(behind)).toEqual(["status", "queue_update"]);
  await behind.disconnect();
});

test("archiving ends the stream with done; its cursor gets 204 until the chat is back", async () => {
  const runner = await world.newRunner();
  await runner.acquire();
  await runner.finish();
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  await archiveChat(writer, { chatId: runner.chatId, ownerId: runner.ownerId });
  await client.waitFor(isType("done"));
  await client.ended;
  const cursor = client.lastEventId();
  const again = await world.view(runner, { cursor });
  expect(again.response.status).toBe(204);
  const fresh = await world.view(runner);
  await fresh.ended;
  expect(typesOf(fresh)).toEqual(["message", "status", "queue_update", "done"]);
  await unarchiveChat(writer, { chatId: runner.chatId, ownerId: runner.ownerId });
  const back = await world.view(runner, { cursor });
  expect(back.response.status).toBe(200);
  await send(runner, "on");
  await back.waitFor(isType("message"));
  await back.disconnect();
  expect(hub.openCount).toBe(0);
});

test("watching marks the chat read when it begins and when it ends, and moves nothing else", async () => {
  const runner = await world.newRunner();
  const readMark = async () => {
    const [row] = await sql<{ read: number; newest: number; updated: string }[]>`
      SELECT last_read_message_id AS read, updated_at AS updated,
        (SELECT max(id) FROM chat_messages WHERE chat_id = ${runner.chatId}) AS newest
      FROM chats WHERE id = ${runner.chatId}`;
    return row!;
  };
  const client = await world.view(runner);
  const begun = await readMark();
  expect(begun.read).toBe(begun.newest);
  await runner.acquire();
  await runner.commitAnswer([{ type: "text", text: "one" }]);
  await runner.finish();
  await client.waitFor(statusIs("waiting"));
  const before = await readMark();
  expect(before.read).toBeLessThan(before.newest);
  await client.disconnect();
  await expect.poll(async () => (await readMark()).read).toBe(before.newest);
  expect((await readMark()).updated).toBe(before.updated);
});

test("another person's chat is not found", async () => {
  const runner = await world.newRunner();
  const stranger = await world.newRunner();
  await expect(world.view({ chatId: runner.chatId, ownerId: stranger.ownerId })).rejects.toMatchObject({
    code: "not_found",
  });
  expect(hub.openCount).toBe(0);
});

test("a long history reaches a viewer page by page, whole and in order", async () => {
  const runner = await world.newRunner();
  await sql`INSERT INTO chat_messages (chat_id, role, content, content_version)
    SELECT ${runner.chatId}, 'user', jsonb_build_array(jsonb_build_object('type', 'text', 'text', repeat('x', 5000))), 1
    FROM generate_series(1, 450)`;
  const client = await world.view(runner);
  await client.waitFor(isType("queue_update"));
  const strict = createStrictViewer();
  for (const { data } of client.events) strict.take(data as never);
  expect(strict.rows).toHaveLength(451);
  await client.disconnect();
});
