/**
 * How many runs work at once in this process. A run that only waits for a subagent lends its slot meanwhile, so that
 * parents never starve their children. Starts nothing itself.
 */

/** The slot of one run. */
export type Slot = {
  /**
   * Does the work without the slot and returns when it has one again. Several at once lend it once.
   * Rejects as the work does, or with the signal's reason.
   */
  lendDuring<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  /** The run is over. */
  close(): void;
};

export type Slots = {
  /** How many runs may be started now; those that want their slot back come first. */
  free(): number;
  /** The slot of a run that is starting. */
  open(): Slot;
  /** A run ended: whoever waits for a slot gets it. */
  settle(): void;
};

type SlotsOptions = {
  max: number;
  /** Runs of this process, and those that may come back from the database; lent slots included. */
  running: () => number;
  /** A slot was lent: somebody may start. */
  onFree: () => void;
};

export function createSlots({ max, running, onFree }: SlotsOptions): Slots {
  const lent = new Set<Slot>();
  /** In order of arrival. */
  const returning = new Map<Slot, () => void>();
  const hasRoom = () => running() - lent.size < max;

  const settle = () => {
    for (const [slot, resume] of returning) {
      if (!hasRoom()) return;
      returning.delete(slot);
      lent.delete(slot);
      resume();
    }
  };
  const takeBack = (slot: Slot, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const giveUp = () => {
        slot.close();
        reject(signal.reason);
      };
      returning.set(slot, () => {
        signal.removeEventListener("abort", giveUp);
        resolve();
      });
      signal.addEventListener("abort", giveUp, { once: true });
      if (signal.aborted) giveUp();
      else settle();
    });

  return {
    free: () => max - (running() - lent.size) - returning.size,
    settle,
    open() {
      let waits = 0;
      const slot: Slot = {
        async lendDuring(work, signal) {
          waits += 1;
          lent.add(slot);
          onFree();
          try {
            return await work();
          } finally {
            waits -= 1;
            if (waits === 0) await takeBack(slot, signal);
          }
        },
        close() {
          lent.delete(slot);
          returning.delete(slot);
        },
      };
      return slot;
    },
  };
}
