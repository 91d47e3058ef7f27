/** A hub over a test database, with chats moved by hand and viewers of them. */
import type { Sql } from "postgres";
import { afterAll } from "vitest";
import type { Database } from "@/db/client";
import { insertSession } from "@/db/queries/sessions";
import { type Clock, systemClock } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { createPubSub, type PubSub } from "@/lib/pubsub";
import { decodeCursor, startPosition } from "@/lib/streams/cursor";
import { createStreamHub, type StreamHub } from "@/lib/streams/hub";
import type { TestDatabase } from "./database";
import { createHandRunner, type HandRunner } from "./hand-runner";
import { insertUser } from "./rows";
import { connect, type Received, type StreamClient } from "./stream-client";

export type View = { cursor?: string | undefined; afterId?: number; credentialId?: string };

export type StreamWorld = {
  hub: StreamHub;
  pubsub: PubSub;
  /** A session that stays valid. */
  credential(): Promise<string>;
  newRunner(): Promise<HandRunner>;
  /** Asks for the stream without reading it. */
  open(runner: Pick<HandRunner, "chatId" | "ownerId">, request: Request, view?: View): Promise<Response>;
  view(runner: Pick<HandRunner, "chatId" | "ownerId">, view?: View): Promise<StreamClient>;
};

export function createStreamWorld(
  { sql, db }: TestDatabase,
  options: { clock?: Clock; pubsub?: PubSub; bootId?: string } = {},
): StreamWorld {
  const { clock = systemClock, pubsub = createPubSub(), bootId = newId() } = options;
  const hub = createStreamHub({ sql, pubsub, clock, bootId });
  afterAll(() => hub.close());
  let session: Promise<string> | undefined;
  const credential = () => {
    session ??= insertLiveSession(sql, db);
    return session;
  };
  const open: StreamWorld["open"] = async ({ chatId, ownerId }, request, view = {}) =>
    hub.open({
      request,
      actor: { userId: ownerId, credentialId: view.credentialId ?? (await credential()) },
      chats: [{ chatId, from: view.cursor ? decodeCursor(chatId, view.cursor) : startPosition(view.afterId) }],
      endsWithChat: true,
    });
  return {
    hub,
    pubsub,
    credential,
    newRunner: () => createHandRunner({ sql, pubsub, hub }),
    open,
    view: (runner, view) => connect((request) => open(runner, request, view)),
  };
}

async function insertLiveSession(sql: Sql, db: Database): Promise<string> {
  const id = newId();
  const userId = await insertUser(sql);
  await insertSession(db, { id, userId, tokenHash: id, userAgent: "", lifetimeMs: 3_600_000 });
  return id;
}

export const typesOf = (client: StreamClient): string[] => client.events.map((received) => received.event);

export const isType =
  (type: string) =>
  (received: Received): boolean =>
    received.event === type;

export const statusIs =
  (status: string) =>
  (received: Received): boolean =>
    received.data.type === "status" && received.data.status === status;
