import { afterAll, expect, test } from "vitest";
import { systemClock } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { decodeCursor, startPosition } from "@/lib/streams/cursor";
import { createStreamHub } from "@/lib/streams/hub";
import { createTestDatabase } from "../support/database";
import { createHandRunner, type HandRunner } from "../support/hand-runner";
import { connect, type StreamClient } from "../support/stream-client";

const { sql } = await createTestDatabase();
const pubsub = createPubSub();
const hub = createStreamHub({ sql, pubsub, clock: systemClock, bootId: newId() });
const world = { sql, pubsub, hub };
afterAll(() => hub.close());

const view = (runner: HandRunner, options: { cursor?: string; afterId?: number } = {}): Promise<StreamClient> =>
  connect((request) =>
    hub.open({
      request,
      actor: { userId: runner.ownerId, credentialId: newId() },
      chats: [
        {
          chatId: runner.chatId,
          from: options.cursor ? decodeCursor(runner.chatId, options.cursor) : startPosition(options.afterId),
        },
      ],
      endsWithChat: true,
    }),
  );

const typesOf = (client: StreamClient) => client.events.map((received) => received.event);
const statusIs = (status: string) => (received: StreamClient["events"][number]) =>
  received.data.type === "status" && received.data.status === status;

test("a viewer gets rows, status and queue first, then the turn live", async () => {
  const runner = await createHandRunner(world);
  const client = await view(runner);
  await client.waitFor((received) => received.event === "queue_update");
  expect(client.text().startsWith("retry: 1000\n\n")).toBe(true);
  expect(typesOf(client)).toEqual(["message", "status", "queue_update"]);

  await runner.acquire();
  await client.waitFor(statusIs("running"));
  runner.say({ type: "text", delta: "Looking" });
  await client.waitFor((received) => received.event === "message_part");
  await runner.commitAnswer([{ type: "text", text: "Looking" }]);
  await runner.finish();
  await client.waitFor(statusIs("waiting"));
  expect(typesOf(client)).toEqual(["message", "status", "queue_update", "status", "message_part", "message", "status"]);
  await client.disconnect();
  expect(hub.openCount).toBe(0);
});
