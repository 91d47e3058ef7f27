/** The slots that are held for chats whose message is being committed. Starts what was committed; decides no order. */
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { Claim } from "@/lib/chats/claims";
import { newId } from "@/lib/ids";

export type Claiming = {
  reserve(): Claim | undefined;
  /** Slots that are held: the database may already know of these runners. */
  runnerIds(): string[];
  /** Settles when none is held any more. */
  idle(): Promise<void>;
};

type ClaimingOptions = {
  /** Slots that are free, held ones not among them; 0 while somebody waits for one. */
  limit: () => number;
  workerId: () => string;
  start: (run: AcquiredRun) => void;
  /** A slot is free that was held in vain. */
  onRoom: () => void;
};

export function createClaiming({ limit, workerId, start, onRoom }: ClaimingOptions): Claiming {
  const held = new Map<string, PromiseWithResolvers<void>>();

  const release = (runnerId: string) => {
    held.get(runnerId)?.resolve();
    held.delete(runnerId);
  };
  return {
    reserve() {
      if (limit() <= 0) return undefined;
      const runnerId = newId();
      held.set(runnerId, Promise.withResolvers<void>());
      return {
        workerId: workerId(),
        runnerId,
        start(run) {
          release(runnerId);
          start(run);
        },
        release() {
          release(runnerId);
          onRoom();
        },
      };
    },
    runnerIds: () => [...held.keys()],
    async idle() {
      await Promise.all([...held.values()].map(({ promise }) => promise));
    },
  };
}
