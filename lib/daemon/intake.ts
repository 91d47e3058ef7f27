/**
 * What this process takes on: acquisitions, claims and runs share one count of slots, and what may come back from the
 * database holds one until it has. Knows nothing of what a run does.
 */
import type { KnownPrompt } from "@/db/queries/chat-history";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { GivenStart } from "@/lib/chats/claims";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import { type Acquirer, createAcquirer } from "./acquirer";
import { type Claiming, createClaiming } from "./claiming";
import { createRuns, type Runs } from "./runs";
import { createSlots, type Slot } from "./slots";

export type Intake = {
  runs: Runs;
  claiming: Claiming;
  acquire: Acquirer;
  /** How many more runs may be started now. */
  free(): number;
  /** Takes nothing any more; hands back what runs, and what is still on its way. Settles when nothing is left. */
  stop(): Promise<void>;
};

type IntakeOptions = {
  writer: ChatWriter;
  clock: Clock;
  /** Runs that work at once. */
  max: number;
  workerId: () => string;
  /** Whether the worker may take anything on now; `acquire.onRoom` when it may again. */
  isSure: () => boolean;
  knownPrompt: (chatId: string) => KnownPrompt | undefined;
  /** Never rejects. */
  execute: (run: AcquiredRun, slot: Slot, signal: AbortSignal, given?: GivenStart) => Promise<void>;
};

export function createIntake(options: IntakeOptions): Intake {
  const { writer, clock, max, workerId, isSure, knownPrompt, execute } = options;
  let isStopping = false;
  const onRoom = () => {
    slots.settle();
    acquire.onRoom();
  };
  const runs = createRuns((run, signal, given) => {
    const slot = slots.open();
    return execute(run, slot, signal, given).finally(slot.close);
  }, onRoom);
  const start = (run: AcquiredRun, given?: GivenStart) => {
    runs.start(run, given);
    // Committed while the worker was stopping: it is handed back at once.
    if (isStopping) runs.abortRunner(run.runnerId, "shutdown");
  };
  const slots = createSlots({
    max,
    running: () => runs.size + claiming.size + acquire.asked(),
    onFree: () => acquire(),
  });
  const limit = () => (isSure() ? slots.free() : 0);
  const claiming = createClaiming({
    clock,
    limit: () => (acquire.isWanted() ? 0 : limit()),
    workerId,
    knownPrompt,
    onRoom,
    start,
  });
  const acquire = createAcquirer({ writer, limit, workerId, start, onAnswer: slots.settle });
  return {
    runs,
    claiming,
    acquire,
    free: limit,
    async stop() {
      isStopping = true;
      acquire.stop();
      runs.abortAll("shutdown");
      await Promise.all([claiming.idle(), acquire.idle()]);
      await runs.idle();
    },
  };
}
