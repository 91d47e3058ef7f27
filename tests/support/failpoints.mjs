/**
 * Loaded into a process before the entry program (`node --import`): arms the failpoint that a file names.
 * Plain JavaScript, since nothing is compiled there. The file is read at every mark, so that a test can arm and disarm
 * a process that runs; every mark that is passed is appended to another.
 *
 * The arming: `{ "mark": "transition.commit.commit_answer", "phase": "before" | "after",
 * "action": "kill" | "throw" | "hang" }`.
 */
import { appendFileSync, readFileSync } from "node:fs";

const HOOK = Symbol.for("slipway.failpoint");

/** @typedef {{ mark: string, phase: "before" | "after", action: "kill" | "throw" | "hang" }} Arming */

/**
 * The hook for a process or, in a test's own process, for one test.
 * @param {() => Arming | undefined} armed
 * @param {(mark: string) => void} onPass
 */
export function createHook(armed, onPass = () => {}) {
  const act = (mark, phase) => {
    const arming = armed();
    if (arming?.mark !== mark || arming.phase !== phase) return undefined;
    if (arming.action === "throw") throw new Error(`Failpoint ${mark}, ${phase}.`);
    if (arming.action === "kill") process.kill(process.pid, "SIGKILL");
    return new Promise(() => {});
  };
  return (mark, work) => {
    onPass(mark);
    const before = act(mark, "before");
    if (before) return before;
    const result = work();
    if (typeof result?.then !== "function") {
      act(mark, "after");
      return result;
    }
    return Promise.resolve(result).then((value) => act(mark, "after") ?? value);
  };
}

/** Sets or, without a hook, removes it. */
export function setHook(hook) {
  globalThis[HOOK] = hook;
}

const { FAILPOINT_ARMING, FAILPOINT_PASSED } = process.env;
if (FAILPOINT_ARMING && FAILPOINT_PASSED) {
  const armed = () => {
    try {
      return JSON.parse(readFileSync(FAILPOINT_ARMING, "utf8"));
    } catch {
      // Not armed.
      return undefined;
    }
  };
  setHook(createHook(armed, (mark) => appendFileSync(FAILPOINT_PASSED, `${mark}\n`)));
}
