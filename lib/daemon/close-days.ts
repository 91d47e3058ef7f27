/** Sums, now and then, what each person spent until the end of each day that is over. Pages are right without it, only slower. */
import type { SqlExecutor } from "@/db/client";
import { closeDays } from "@/db/queries/person-totals";
import type { Clock } from "@/lib/clock";
import { failpoint } from "@/lib/failpoint";
import { log } from "@/lib/log";

const LOOK_MS = 60 * 60 * 1_000;

type Closing = { sql: SqlExecutor; clock: Clock; signal: AbortSignal };

/** Looks at once, then every hour, until the signal is aborted. Never rejects. */
export async function keepClosingDays({ sql, clock, signal }: Closing): Promise<void> {
  while (!signal.aborted) {
    await failpoint("costs.close", () => closeDays(sql, signal)).catch((error) =>
      log.warn("days were not closed", { err: error }),
    );
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
}
