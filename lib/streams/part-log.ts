/** The live parts of one episode in memory: a bounded ring of numbered frames and their fold. Does no I/O. */
import type { LivePart } from "@/lib/contract/events";
import { type FoldedPart, foldPart } from "@/lib/contract/fold-parts";
import type { MessageRole } from "@/lib/contract/messages";

/** The `attempt`-th start of work at history version `historyVersion`; attempt 0 carries the results after an answer. */
export type Episode = { chatId: string; historyVersion: number; attempt: number };

/** One `message_part`, numbered once; `json` is its part, encoded once. */
export type Frame = { seq: number; role: MessageRole; json: string };

export type PartLog = {
  readonly episode: Episode;
  /** 0: nothing yet. */
  readonly lastSeq: number;
  /** No frames come any more. */
  isClosed: boolean;
  /** Gives the part its number. */
  add(role: MessageRole, part: LivePart): Frame;
  /** The frames after `seq`, undefined when the ring has not kept all of them. */
  framesAfter(seq: number): readonly Frame[] | undefined;
  folded(): readonly FoldedPart[];
};

/** 1 MB an episode: over a minute of fast output; older frames are served folded. */
const MAX_RING_BYTES = 1024 * 1024;
/** What a frame costs beside its JSON. */
const FRAME_OVERHEAD_BYTES = 100;

/** An empty log. */
export function createPartLog(episode: Episode): PartLog {
  let frames: Frame[] = [];
  let evicted = 0;
  let sizeBytes = 0;
  let lastSeq = 0;
  let folded: FoldedPart[] = [];

  const evict = () => {
    while (sizeBytes > MAX_RING_BYTES && evicted < frames.length - 1) {
      sizeBytes -= sizeOf(frames[evicted] as Frame);
      evicted += 1;
    }
    // Half of the array is dead: copy the rest, so that each frame is moved a constant number of times.
    if (evicted > frames.length / 2) {
      frames = frames.slice(evicted);
      evicted = 0;
    }
  };

  return {
    episode,
    isClosed: false,
    get lastSeq() {
      return lastSeq;
    },
    add(role, part) {
      lastSeq += 1;
      const frame = { seq: lastSeq, role, json: JSON.stringify(part) };
      frames.push(frame);
      sizeBytes += sizeOf(frame);
      folded = foldPart(folded, role, part);
      evict();
      return frame;
    },
    framesAfter(seq) {
      const missing = lastSeq - seq;
      if (missing < 0 || missing > frames.length - evicted) return undefined;
      return missing === 0 ? [] : frames.slice(-missing);
    },
    folded: () => folded,
  };
}

const sizeOf = (frame: Frame): number => frame.json.length + FRAME_OVERHEAD_BYTES;

/** Whether `a` started after `b`, both of one chat. */
export const isNewerEpisode = (a: Episode, b: Episode): boolean =>
  a.historyVersion > b.historyVersion || (a.historyVersion === b.historyVersion && a.attempt > b.attempt);

export const isSameEpisode = (a: Episode, b: Episode): boolean =>
  a.historyVersion === b.historyVersion && a.attempt === b.attempt;
