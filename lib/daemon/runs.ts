/** The runs that this process owns now: starts them, and stops one or all with a reason. Holds no lease itself. */

import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { AbortReason } from "@/lib/agent/types";
import type { GivenStart } from "@/lib/chats/claims";

export type Runs = {
  readonly size: number;
  /** Starts the run; it leaves the set when it settles. */
  start(run: AcquiredRun, given?: GivenStart): void;
  /** Stops the run of this chat, if it is here. */
  abort(chatId: string, reason: AbortReason): void;
  /** Stops one run, whichever chat it is of. */
  abortRunner(runnerId: string, reason: AbortReason): void;
  abortAll(reason: AbortReason): void;
  runnerIds(): string[];
  /** The runner of a chat here, to compare with its row. */
  runnerOf(chatId: string): string | undefined;
  /** Settles when every run has. */
  idle(): Promise<void>;
};

type Execute = (run: AcquiredRun, signal: AbortSignal, given: GivenStart | undefined) => Promise<void>;

type Running = { run: AcquiredRun; controller: AbortController; ended: Promise<void> };

/** @param onEnd called after each run has left the set. */
export function createRuns(execute: Execute, onEnd: () => void): Runs {
  const byRunner = new Map<string, Running>();
  const of = (chatId: string) => [...byRunner.values()].filter(({ run }) => run.chatId === chatId);

  return {
    get size() {
      return byRunner.size;
    },
    start(run, given) {
      const controller = new AbortController();
      const ended = execute(run, controller.signal, given).finally(() => {
        byRunner.delete(run.runnerId);
        onEnd();
      });
      byRunner.set(run.runnerId, { run, controller, ended });
    },
    abort: (chatId, reason) => of(chatId).forEach(({ controller }) => void controller.abort(reason)),
    abortRunner: (runnerId, reason) => byRunner.get(runnerId)?.controller.abort(reason),
    runnerIds: () => [...byRunner.keys()],
    abortAll: (reason) => byRunner.forEach(({ controller }) => void controller.abort(reason)),
    runnerOf: (chatId) => of(chatId).at(-1)?.run.runnerId,
    async idle() {
      await Promise.all([...byRunner.values()].map(({ ended }) => ended));
    },
  };
}
