/** Claims pending chats as long as this process has room. Starts them; never waits for one. */
import type { AcquiredRun } from "@/db/queries/chat-runs";
import { acquireChats, MAX_ACQUIRED } from "@/lib/chats/acquire";
import type { ChatWriter } from "@/lib/chats/transition";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";

export type Acquirer = {
  (): void;
  /** There is room again: claims what had to wait for it, if anything had. */
  onRoom(): void;
  /** Chats wait for room, or are being claimed: nothing else may take a slot before them. */
  isWanted(): boolean;
  /** A claim is under way: the database may know of runs that have not begun here. */
  isClaiming(): boolean;
  /** As many runs may come of it. */
  asked(): number;
  stop(): void;
  /** Settles when no claim is under way. */
  idle(): Promise<void>;
};

type AcquirerOptions = {
  writer: ChatWriter;
  limit: () => number;
  workerId: () => string;
  start: (run: AcquiredRun) => void;
  /** A claim was answered: room that it had asked for and did not need is free. */
  onAnswer: () => void;
};

/** Claims while there are free slots and pending chats; calls that come meanwhile cost one more look, not one each. */
export function createAcquirer({ writer, limit, workerId, start, onAnswer }: AcquirerOptions): Acquirer {
  let busy = false;
  let settled = Promise.resolve();
  let asked = 0;
  let again = false;
  let stopped = false;
  /** Somebody asked while there was no room. */
  let isStarved = false;

  async function claimAll(): Promise<void> {
    do {
      again = false;
      const free = limit();
      isStarved = free <= 0;
      if (isStarved || stopped) return;
      const wanted = Math.min(free, MAX_ACQUIRED);
      const acquired = await claim(wanted);
      // As many as were asked for: there may be more, which get the room that is left or wait for some.
      if (acquired === wanted) again = true;
    } while (again);
  }

  async function claim(wanted: number): Promise<number> {
    asked = wanted;
    try {
      const claimed = () => acquireChats(writer, { workerId: workerId(), limit: wanted });
      const acquired = await failpoint("daemon.acquire", claimed);
      asked = 0;
      for (const run of acquired) start(run);
      return acquired.length;
    } finally {
      asked = 0;
      onAnswer();
    }
  }

  const acquire = () => {
    again = true;
    if (busy || stopped) return;
    busy = true;
    settled = claimAll()
      .catch((error) => log.warn("chats could not be acquired", { err: error }))
      .finally(() => {
        busy = false;
      });
  };
  const stop = () => {
    stopped = true;
  };
  const onRoom = () => {
    if (isStarved) acquire();
  };
  return Object.assign(acquire, {
    onRoom,
    isWanted: () => busy || isStarved,
    isClaiming: () => busy,
    asked: () => asked,
    stop,
    idle: () => settled,
  });
}
