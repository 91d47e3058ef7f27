/** A hub over a test database, with chats moved by hand and viewers of them. */
import { afterAll } from "vitest";
import { type Clock, systemClock } from "@/lib/clock";
import { newId } from "@/lib/ids";
import { createPubSub, type PubSub } from "@/lib/pubsub";
import { decodeCursor, startPosition } from "@/lib/streams/cursor";
import { createStreamHub, type StreamHub } from "@/lib/streams/hub";
import type { TestDatabase } from "./database";
import { createHandRunner, type HandRunner } from "./hand-runner";
import { connect, type Received, type StreamClient } from "./stream-client";

export type View = { cursor?: string | undefined; afterId?: number; credentialId?: string };

export type StreamWorld = {
  hub: StreamHub;
  pubsub: PubSub;
  newRunner(): Promise<HandRunner>;
  /** Asks for the stream without reading it. */
  open(runner: Pick<HandRunner, "chatId" | "ownerId">, request: Request, view?: View): Promise<Response>;
  view(runner: Pick<HandRunner, "chatId" | "ownerId">, view?: View): Promise<StreamClient>;
};

export function createStreamWorld(
  { sql }: TestDatabase,
  options: { clock?: Clock; pubsub?: PubSub; bootId?: string } = {},
): StreamWorld {
  const { clock = systemClock, pubsub = createPubSub(), bootId = newId() } = options;
  const hub = createStreamHub({ sql, pubsub, clock, bootId });
  afterAll(() => hub.close());
  const open: StreamWorld["open"] = ({ chatId, ownerId }, request, view = {}) =>
    hub.open({
      request,
      actor: { userId: ownerId, credentialId: view.credentialId ?? newId() },
      chats: [{ chatId, from: view.cursor ? decodeCursor(chatId, view.cursor) : startPosition(view.afterId) }],
      endsWithChat: true,
    });
  return {
    hub,
    pubsub,
    newRunner: () => createHandRunner({ sql, pubsub, hub }),
    open,
    view: (runner, view) => connect((request) => open(runner, request, view)),
  };
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
