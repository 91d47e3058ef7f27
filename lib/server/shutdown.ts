/** The end of the process: on a signal, on a lost launcher, on a fatal error. Steps run in order, in bounded time. */
import { log } from "@/lib/log";

/** Below the ten seconds that are promised. */
const TOTAL_TIMEOUT_MS = 9_000;
/** A step that hangs must not keep the database, the last one, from its orderly end. */
const STEP_TIMEOUT_MS = 4_000;
/** Ctrl-C reaches us from the terminal and once more through the launcher; a person is slower. */
const SAME_SIGNAL_MS = 700;

type Step = { name: string; run: () => Promise<unknown> };

/** Ends the process in order when asked to. `steps` is read at that moment, so that a start can be interrupted. */
export function onShutdown(steps: () => Step[]) {
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= runSteps(steps());
    return ending;
  };
  const exitAfter = (code: number) => {
    setTimeout(() => process.exit(1), TOTAL_TIMEOUT_MS).unref();
    void end().then(() => process.exit(code));
  };
  let firstSignalAt: number | undefined;
  const onSignal = () => {
    const now = Date.now();
    if (firstSignalAt === undefined) {
      firstSignalAt = now;
      exitAfter(0);
    } else if (now - firstSignalAt > SAME_SIGNAL_MS) {
      process.exit(1);
    }
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, onSignal);
  process.on("disconnect", onSignal);
  const fatal = (error: Error) => {
    console.error(error.message);
    exitAfter(1);
  };
  process.on("uncaughtException", (error) => {
    log.error("uncaught exception", { err: error });
    fatal(error);
  });
  process.on("unhandledRejection", (reason) => log.error("unhandled rejection", { err: reason }));
  return { end, fatal };
}

async function runSteps(steps: Step[]): Promise<void> {
  for (const step of steps) {
    const late = new Promise<"late">((resolve) => setTimeout(resolve, STEP_TIMEOUT_MS, "late").unref());
    try {
      const outcome = await Promise.race([step.run(), late]);
      if (outcome === "late") log.error("ending took too long", { step: step.name, timeoutMs: STEP_TIMEOUT_MS });
    } catch (err) {
      log.error("ending failed", { step: step.name, err });
    }
  }
}
