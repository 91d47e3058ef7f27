/** The look once a second that repairs what hints did not say: lost wake-ups, missed stops, dead workers, raised limits, deleted people. */
import { deleteWorkers, lookAround, type OrphanedRun } from "@/db/queries/workers";
import { endAgentsOfDeleted } from "@/lib/chats/end-agents";
import { resumeWithinLimits } from "@/lib/chats/spend-limit";
import { expireToolResults } from "@/lib/chats/tool-results";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Clock } from "@/lib/clock";
import { isApiError } from "@/lib/contract/errors";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";
import type { Acquirer } from "./acquirer";
import type { Claiming } from "./claiming";
import { reapOrphans } from "./reap";
import type { Runs } from "./runs";

/** What was lost in hints is found within this time. */
const LOOK_MS = 1_000;

type Looking = {
  writer: ChatWriter;
  clock: Clock;
  lease: { workerId(): string };
  runs: Pick<Runs, "abort" | "abortRunner" | "runnerIds">;
  /** Runners that have not begun, or that the database does not know yet. */
  claiming: Pick<Claiming, "runnerIds">;
  acquire: Acquirer;
  leaseMs: number;
  signal: AbortSignal;
};

/** Looks around once a second until the signal is aborted. Never rejects. */
export async function keepLooking(looking: Looking): Promise<void> {
  const { writer, clock, lease, runs, claiming, acquire, leaseMs, signal } = looking;
  let missing = new Set<string>();
  let strays = new Set<string>();
  const lookNow = async () => {
    const begun = new Set(runs.runnerIds());
    const runnerIds = [...begun, ...claiming.runnerIds()];
    const look = await failpoint("daemon.look", () =>
      lookAround(writer.sql, { workerId: lease.workerId(), leaseMs, runnerIds }),
    );
    // One that was not committed when the database looked is no runner that lost its chat.
    return { ...look, fenced: look.fenced.filter((id) => begun.has(id)) };
  };
  while (!signal.aborted) {
    try {
      const look = await lookNow();
      for (const { chatId } of look.disturbed) runs.abort(chatId, "interrupt");
      // An edit took the chat away: whoever works on it can commit nothing any more.
      for (const runnerId of look.fenced) runs.abortRunner(runnerId, "lost_lease");
      // Gone in two looks one second apart: the process is dead, not reconnecting.
      const dead = look.unlocked.filter((id) => missing.has(id));
      let abandoned = look.orphans;
      if (dead.length > 0) {
        await failpoint("daemon.bury", () => deleteWorkers(writer.sql, { ids: dead }));
        // What they ran is nobody's now.
        abandoned = (await lookNow()).orphans;
      }
      missing = new Set(look.unlocked);
      // Claimed, and the answer was lost: this worker lives, so nobody else would ever take them. Also two looks.
      const isLost = ({ runnerId }: OrphanedRun) => strays.has(runnerId) && !acquire.isClaiming();
      const orphans = [...abandoned, ...look.strays.filter(isLost)];
      strays = new Set(look.strays.map(({ runnerId }) => runnerId));
      await reapOrphans(writer, orphans);
      for (const chatId of look.overdue) await expire(writer, chatId);
      if (look.hasEnding) await failpoint("daemon.end-agents", () => endAgentsOfDeleted(writer));
      const resumed = look.hasLimited ? await resumeWithinLimits(writer) : 0;
      if (look.hasPending || orphans.length > 0 || resumed > 0) acquire();
    } catch (error) {
      log.warn("look around failed", { err: error });
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}

/** One that was answered meanwhile, here or by another process, is left alone. */
async function expire(writer: ChatWriter, chatId: string): Promise<void> {
  try {
    await failpoint("daemon.expire", () => expireToolResults(writer, { chatId }));
  } catch (error) {
    if (!isApiError(error)) throw error;
  }
}
