/** Positions in a stream as opaque text: the `id` of every event. Pure; reads nothing. */
import { ApiError } from "@/lib/contract/errors";

/** Where a viewer of a chat stands, after the event that carries it. */
export type Position = {
  /** `reset_version` of the rows it has; -1: it has none. */
  resetVersion: number;
  /** The last durable row it has. */
  lastMessageId: number;
  /** The snapshot version of the status it has; -1: none. */
  version: number;
  /** The episode whose parts it shows; 0 of both: none. */
  historyVersion: number;
  attempt: number;
  /** The last part of that episode; 0: it shows parts that do not end at a known one. */
  seq: number;
  /** After `done`: nothing follows. */
  isDone: boolean;
};

/** Of a viewer that has nothing yet, or only rows up to `afterId`. */
export const startPosition = (afterId = 0): Position => ({
  resetVersion: -1,
  lastMessageId: afterId,
  version: -1,
  historyVersion: 0,
  attempt: 0,
  seq: 0,
  isDone: false,
});

/** Whether the viewer shows live parts. */
export const showsParts = (position: Position): boolean => position.historyVersion > 0;

/** The same position without live parts. */
export const withoutParts = (position: Position): Position => ({ ...position, historyVersion: 0, attempt: 0, seq: 0 });

/** Version 1: eight hexadecimal digits of the chat, then the numbers. */
export function encodeCursor(chatId: string, at: Position): string {
  const numbers = `${at.resetVersion}.${at.lastMessageId}.${at.version}.${at.historyVersion}.${at.attempt}.${at.seq}`;
  return Buffer.from(`1.${chatId.slice(0, 8)}.${numbers}.${at.isDone ? 1 : 0}`, "latin1").toString("base64url");
}

const chatCursor =
  /^1\.([0-9a-f]{8})\.(-1|\d{1,15})\.(\d{1,15})\.(-1|\d{1,15})\.(\d{1,15})\.(\d{1,9})\.(\d{1,9})\.([01])$/;

/** The position behind a cursor of this chat. @throws ApiError `bad_request` for anything else. */
export function decodeCursor(chatId: string, cursor: string): Position {
  const position = findPosition(chatId, cursor);
  if (!position) throw unreadable(cursor);
  return position;
}

/** As `decodeCursor`, but undefined for a cursor of something else. */
export function findPosition(chatId: string, cursor: string): Position | undefined {
  const match = chatCursor.exec(Buffer.from(cursor, "base64url").toString("latin1"));
  if (!match || match[1] !== chatId.slice(0, 8).toLowerCase()) return undefined;
  const [resetVersion, lastMessageId, version, historyVersion, attempt, seq] = match.slice(2, 8).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return { resetVersion, lastMessageId, version, historyVersion, attempt, seq, isDone: match[8] === "1" };
}

/** A position in a person's list: the `n`-th event since this process started. */
export const encodeWatchCursor = (bootId: string, n: number): string =>
  Buffer.from(`w.${bootId.slice(0, 8)}.${n}`, "latin1").toString("base64url");

const watchCursor = /^w\.([0-9a-f]{8})\.(\d{1,15})$/;

/** `n`, or "elsewhere" for a cursor of another process. Undefined: not a cursor of a list. */
export function findWatchPosition(bootId: string, cursor: string): number | "elsewhere" | undefined {
  const match = watchCursor.exec(Buffer.from(cursor, "base64url").toString("latin1"));
  if (!match) return undefined;
  return match[1] === bootId.slice(0, 8) ? Number(match[2]) : "elsewhere";
}

export const unreadable = (cursor: string): ApiError =>
  new ApiError(
    "bad_request",
    `The cursor ${JSON.stringify(cursor.slice(0, 100))} cannot be read. Connect without one.`,
  );
