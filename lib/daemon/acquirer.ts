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
  stop(): void;
};

type AcquirerOptions = {
  writer: ChatWriter;
  limit: () => number;
  workerId: () => string;
  start: (run: AcquiredRun) => void;
};

/** Claims while there are free slots and pending chats; calls that come meanwhile cost one more look, not one each. */
export function createAcquirer({ writer, limit, workerId, start }: AcquirerOptions): Acquirer {
  let busy = false;
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
      const acquired = await failpoint("daemon.acquire", () =>
        acquireChats(writer, { workerId: workerId(), limit: free }),
      );
      for (const run of acquired) start(run);
      // As many as were asked for: there may be more, which get the room that is left or wait for some.
      if (acquired.length === Math.min(free, MAX_ACQUIRED)) again = true;
    } while (again);
  }

  const acquire = () => {
    again = true;
    if (busy || stopped) return;
    busy = true;
    claimAll()
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
  return Object.assign(acquire, { onRoom, stop, isWanted: () => busy || isStarved, isClaiming: () => busy });
}
