/** What a stream request asks for: cursors from the header, the query and the list of chats. Pure. */
import { z } from "zod";
import { ApiError, notFound } from "@/lib/contract/errors";
import { isUuid } from "@/lib/ids";
import { decodeCursor, findPosition, findWatchPosition, type Position, startPosition, unreadable } from "./cursor";
import type { StreamRequest } from "./hub";

/** A message id; the digits of the largest one that JavaScript counts exactly. */
export const afterIdSchema = z
  .string()
  .regex(/^\d{1,15}$/, "A message id.")
  .transform(Number);

/** What EventSource sends when it reconnects, undefined at first. */
export const lastEventId = (request: Request): string | undefined => request.headers.get("last-event-id") || undefined;

/** @throws ApiError `bad_request` when the cursor is not one of this chat. */
export const positionOf = (options: {
  chatId: string;
  cursor: string | undefined;
  afterId?: number | undefined;
}): Position => (options.cursor ? decodeCursor(options.chatId, options.cursor) : startPosition(options.afterId));

/** @throws ApiError `bad_request` when the cursor is not one of a list. */
export function watchPositionOf(bootId: string, cursor: string | undefined): number | "elsewhere" | undefined {
  if (!cursor) return undefined;
  const position = findWatchPosition(bootId, cursor);
  if (position === undefined) throw unreadable(cursor);
  return position;
}

/**
 * `chat=<id>` or `chat=<id>~<cursor>`; `cursor` belongs to the list. `Last-Event-ID` says by itself which of the streams
 * it belongs to, and that one resumes there.
 */
export function parseMultiplexed(options: {
  request: Request;
  query: { watch?: string | undefined; cursor?: string | undefined; chat?: string | string[] | undefined };
  bootId: string;
}): Pick<StreamRequest, "chats" | "watch" | "endsWithChat"> {
  const { query, bootId } = options;
  const last = lastEventId(options.request);
  const lastOfList = last === undefined ? undefined : findWatchPosition(bootId, last);
  const chats = [query.chat ?? []].flat().map((item) => parseChat(item, last));
  if (new Set(chats.map((chat) => chat.chatId)).size < chats.length) {
    throw new ApiError("bad_request", "A chat is named twice. Name each chat once.");
  }
  const hasList = query.watch === "1";
  if (!hasList && chats.length === 0) {
    throw new ApiError("bad_request", "Nothing to stream. Ask for watch=1, or for chats with chat=<id>.");
  }
  const watch = hasList ? { watch: { from: lastOfList ?? watchPositionOf(bootId, query.cursor) } } : {};
  return { chats, endsWithChat: false, ...watch };
}

function parseChat(item: string, last: string | undefined): { chatId: string; from: Position } {
  const [given = "", cursor] = item.split("~", 2);
  if (!isUuid(given)) throw notFound();
  const chatId = given.toLowerCase();
  const from = last === undefined ? undefined : findPosition(chatId, last);
  return { chatId, from: from ?? positionOf({ chatId, cursor }) };
}
