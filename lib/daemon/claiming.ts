/** The slots that are held for chats whose message is being committed. Starts what was committed; decides no order. */
import type { KnownPrompt } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { Claim, GivenStart } from "@/lib/chats/claims";
import type { Clock } from "@/lib/clock";
import { newId } from "@/lib/ids";

/**
 * A commit that has taken longer than this and is in the database has an answer that may never come: its connection is
 * dead, and nobody was told. Far beyond what a busy database needs; with two looks the chat goes on within eight seconds.
 */
const ANSWER_MS = 5_000;

/**
 * A commit that was answered later than this may be of a worker that was taken for dead meanwhile: its turn reads anew
 * what it starts from, and finds out whose chat it is. Below every lease.
 */
const GIVEN_MS = 1_000;

export type Claiming = {
  reserve(): Claim | undefined;
  /** Slots that are held. */
  readonly size: number;
  /** Runners that the database may already know and that begin when it answers, as it soon will. */
  runnerIds(): string[];
  /** Settles when none is held any more. */
  idle(): Promise<void>;
};

type ClaimingOptions = {
  clock: Clock;
  /** Slots that are free, held ones not among them; 0 while somebody waits for one. */
  limit: () => number;
  workerId: () => string;
  knownPrompt: (chatId: string) => KnownPrompt | undefined;
  start: (run: AcquiredRun, given?: GivenStart) => void;
  /** A slot is free that was held in vain. */
  onRoom: () => void;
};

export function createClaiming({ clock, limit, workerId, knownPrompt, start, onRoom }: ClaimingOptions): Claiming {
  const held = new Map<string, { since: number; released: PromiseWithResolvers<void> }>();

  const release = (runnerId: string) => {
    held.get(runnerId)?.released.resolve();
    held.delete(runnerId);
  };
  /** No longer than this. */
  const isHeldFor = (runnerId: string, mostMs: number) => (held.get(runnerId)?.since ?? 0) >= clock.now() - mostMs;

  return {
    reserve() {
      if (limit() <= 0) return undefined;
      const runnerId = newId();
      held.set(runnerId, { since: clock.now(), released: Promise.withResolvers<void>() });
      return {
        workerId: workerId(),
        runnerId,
        knownPrompt,
        start(run, given) {
          const isCurrent = isHeldFor(runnerId, GIVEN_MS);
          release(runnerId);
          start(run, isCurrent ? given : undefined);
        },
        release() {
          release(runnerId);
          onRoom();
        },
      };
    },
    get size() {
      return held.size;
    },
    runnerIds: () => [...held.keys()].filter((runnerId) => isHeldFor(runnerId, ANSWER_MS)),
    async idle() {
      await Promise.all([...held.values()].map(({ released }) => released.promise));
    },
  };
}
