/**
 * Where the worker of this process offers its free slots, so that a person's message is claimed in its own transaction
 * instead of leaving a pending chat for a claim of its own. Holds no lease and starts nothing itself.
 */
import type { ChatFacts } from "@/db/queries/chat-facts";
import type { KnownPrompt } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { LockedChat, Run } from "@/db/queries/chat-transition";
import type { TurnStart } from "@/db/queries/turn-start";
import type { Decision } from "./state";

/** What a turn starts from, read in the transaction that claimed its chat. */
export type GivenStart = TurnStart & {
  /** It was asked there whether the turn may be paid. */
  isAffordable: boolean;
};

/** A slot that is held for one chat, until it is started or released. */
export type Claim = {
  workerId: string;
  runnerId: string;
  /** What the worker holds of the chat's prompt; it need not be read again. */
  knownPrompt(chatId: string): KnownPrompt | undefined;
  /** The transaction is committed: the chat is this worker's. */
  start(run: AcquiredRun, given?: GivenStart): void;
  /** There is nothing to run, or nobody knows: a claim whose commit was not answered is found as any that is lost. */
  release(): void;
};

/** A slot; undefined: no room. */
export type Reserve = () => Claim | undefined;

export type Claims = {
  reserve: Reserve;
  /** A worker of this process offers its slots until the returned function is called. */
  offer(reserve: Reserve): () => void;
};

const nobody: Reserve = () => undefined;

/** One a process. Without a worker nothing is claimed here. */
export function createClaims(): Claims {
  let current = nobody;
  return {
    reserve: () => current(),
    offer(reserve) {
      current = reserve;
      return () => {
        if (current === reserve) current = nobody;
      };
    },
  };
}

/** A decision that leads to `pending`, and the acquisition after it. Pure, as all that follows. */
export const acquireAtOnce = (decision: Decision): Decision => ({ ...decision, to: "running" });

/** As after an acquisition of its own. */
export const claimedRun = (run: Run, { workerId, runnerId }: Claim): Run => ({
  ...run,
  workerId,
  runnerId,
  generationAttempt: run.generationAttempt + 1,
  crashCount: run.crashCount + 1,
});

type Acquisition = { chat: LockedChat; run: Run; facts: ChatFacts; updatedAt: string };

/** What the worker starts. */
export const toAcquired = ({ chat, run, facts, updatedAt }: Acquisition): AcquiredRun => ({
  ...facts,
  ...run,
  chatId: chat.id,
  rootChatId: chat.rootChatId,
  updatedAt,
  runnerId: run.runnerId as string,
});
