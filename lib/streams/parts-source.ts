/** Where a chat's live parts come from: this process's memory, or the checkpoints of the process that has the chat. */
import type { SqlExecutor } from "@/db/client";
import { listCheckpointedFrames } from "@/db/queries/part-checkpoints";
import type { ChatState } from "@/db/queries/streams";
import { isShowable } from "./chat-screen";
import { createPartLog, isSameEpisode, type PartLog } from "./part-log";

export type PartsSource = {
  /** The newest parts known here that may be shown in this state. */
  newest(state: ChatState): PartLog | undefined;
  /** Reads what another process checkpointed since, in one statement. False: nothing new. */
  follow(state: ChatState): Promise<boolean>;
};

export function createPartsSource(options: {
  chatId: string;
  sql: SqlExecutor;
  findLocalParts: () => PartLog | undefined;
}): PartsSource {
  const { chatId, sql, findLocalParts } = options;
  let remote: PartLog | undefined;

  return {
    newest(state) {
      const local = findLocalParts();
      return local && isShowable(state, local) ? local : (remote ?? local);
    },
    async follow(state) {
      if (!isWorking(state)) return false;
      const episode = { chatId, historyVersion: state.historyVersion, attempt: state.attempt };
      const local = findLocalParts();
      if (local && isSameEpisode(local.episode, episode)) return false;
      if (!remote || !isSameEpisode(remote.episode, episode)) remote = createPartLog(episode);
      const target = remote;
      const frames = await listCheckpointedFrames(sql, { ...episode, afterSeq: target.lastSeq });
      for (const frame of frames) if (frame.seq === target.lastSeq + 1) target.add(frame.role, frame.part);
      return frames.length > 0;
    },
  };
}

/** Whether parts can exist: a worker has the chat, or had it. */
const isWorking = (state: ChatState): boolean =>
  state.status === "running" || state.status === "interrupting" || state.status === "pending";
