/** What the wire formats have in common: a list of frames to send, and how an answer ends early. Pure. */
import type { AnswerReply, EarlyEnd } from "./model-reply";

/** A piece of the body; `isChunk` counts for `EarlyEnd` and is delayed. */
export type Frame = { data: string | Buffer; isChunk: boolean };

/** What a format needs beside the answer; `newId` makes the random part of ids. */
export type WireContext = {
  model: string;
  /** OpenAI's chat: the request asked for `stream_options.include_usage`. */
  includeUsage: boolean;
  newId: () => string;
};

export const frame = (data: string | Buffer): Frame => ({ data, isChunk: false });
export const chunk = (data: string | Buffer): Frame => ({ data, isChunk: true });

/** The frames before the early end, and that end. */
export function untilEarlyEnd(frames: Frame[], earlyEnd: AnswerReply["earlyEnd"]): { frames: Frame[]; end?: EarlyEnd } {
  if (!earlyEnd) return { frames };
  let left = earlyEnd.afterChunks;
  const cutAt = frames.findIndex(({ isChunk }) => isChunk && left-- === 0);
  return { frames: cutAt === -1 ? frames : frames.slice(0, cutAt), end: earlyEnd };
}
