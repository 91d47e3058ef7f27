/** What the two wire formats have in common: a list of frames to send, and how an answer ends early. Pure. */
import type { AnswerReply, EarlyEnd } from "./model-reply";

/** A piece of the body; `isChunk` counts for `EarlyEnd` and is delayed. */
export type Frame = { text: string; isChunk: boolean };

export const frame = (text: string): Frame => ({ text, isChunk: false });
export const chunk = (text: string): Frame => ({ text, isChunk: true });

/** The frames before the early end, and that end. */
export function untilEarlyEnd(frames: Frame[], earlyEnd: AnswerReply["earlyEnd"]): { frames: Frame[]; end?: EarlyEnd } {
  if (!earlyEnd) return { frames };
  let left = earlyEnd.afterChunks;
  const cutAt = frames.findIndex(({ isChunk }) => isChunk && left-- === 0);
  return { frames: cutAt === -1 ? frames : frames.slice(0, cutAt), end: earlyEnd };
}
