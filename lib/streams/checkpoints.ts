/** Saves the tail of live parts so that it survives the process: every 250 ms or 4 KB. */

import type { SqlExecutor } from "@/db/client";
import { insertCheckpoints } from "@/db/queries/part-checkpoints";
import type { Clock } from "@/lib/clock";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import type { Frame, PartLog } from "./part-log";

/** What a power cut may cost. */
const CHECKPOINT_INTERVAL_MS = 250;
const CHECKPOINT_CHARS = 4096;
/** What waits while the database does not answer; beyond it the newest frames stay in memory only. */
const MAX_WAITING_CHARS = 1024 * 1024;

type Waiting = { frames: Frame[]; chars: number };

export type CheckpointWriter = {
  add(log: PartLog, frames: readonly Frame[]): void;
  /** Resolves when what was added before is saved, or could not be. */
  flush(): Promise<void>;
};

/** `onWritten` hears which chats have new checkpoints. */
export function createCheckpointWriter(options: {
  sql: SqlExecutor;
  clock: Clock;
  onWritten: (chatIds: string[]) => void;
}): CheckpointWriter {
  const { sql, clock } = options;
  let waiting = new Map<PartLog, Waiting>();
  let writing: Promise<void> | undefined;
  let isScheduled = false;

  const write = async (): Promise<void> => {
    const batch = waiting;
    waiting = new Map();
    if (batch.size === 0) return;
    try {
      const checkpoints = [...batch].map(([partLog, one]) => toCheckpoint(partLog, one));
      await failpoint("checkpoint.write", () => insertCheckpoints(sql, { checkpoints }));
      options.onWritten([...batch.keys()].map((partLog) => partLog.episode.chatId));
    } catch (err) {
      log.warn("checkpoint not written", { chats: batch.size, err });
      putBack(batch);
    }
  };

  const putBack = (batch: Map<PartLog, Waiting>) => {
    for (const [partLog, one] of batch) {
      const newer = waiting.get(partLog);
      const chars = one.chars + (newer?.chars ?? 0);
      if (chars > MAX_WAITING_CHARS) continue;
      waiting.set(partLog, { frames: [...one.frames, ...(newer?.frames ?? [])], chars });
    }
    if (waiting.size > 0) schedule();
  };

  const flush = async (): Promise<void> => {
    await writing;
    writing = write();
    await writing;
  };

  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    void clock.sleep(CHECKPOINT_INTERVAL_MS).then(() => {
      isScheduled = false;
      return flush();
    });
  };

  return {
    add(partLog, frames) {
      const one = waiting.get(partLog) ?? { frames: [], chars: 0 };
      one.frames.push(...frames);
      for (const frame of frames) one.chars += frame.json.length;
      waiting.set(partLog, one);
      if (one.chars >= CHECKPOINT_CHARS) void flush();
      else schedule();
    },
    flush,
  };
}

const toCheckpoint = ({ episode }: PartLog, { frames }: Waiting) => ({
  chatId: episode.chatId,
  historyVersion: episode.historyVersion,
  attempt: episode.attempt,
  firstSeq: frames[0]?.seq ?? 1,
  frames: `[${frames.map((frame) => `[${JSON.stringify(frame.role)},${frame.json}]`).join(",")}]`,
});
