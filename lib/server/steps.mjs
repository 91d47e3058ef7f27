/** Runs one program of the start or the tests as a step: one progress line, bounded output, bounded time. No shell. */
import { spawn } from "node:child_process";

/** What is kept of a step's output, to be shown when it fails. */
const MAX_TAIL_CHARACTERS = 16_000;
const PROGRESS_EVERY_MS = 10_000;

/**
 * @typedef {object} Step
 * @property {string} label What is waited for, as a person says it: "Installing packages".
 * @property {string} command
 * @property {string[]} args
 * @property {string} cwd
 * @property {number} timeoutMs
 * @property {NodeJS.ProcessEnv} [env] The own environment when absent.
 * @property {boolean} [visible] Shows the output as it comes.
 */

/** The process group of the step under way, so that a signal to us ends it too. */
let current;

/** Ends the step under way; does nothing when there is none. */
export function stopStep() {
  if (current?.pid) endGroup(current.pid, "SIGKILL");
}

/**
 * Runs a step. Rejects when it fails or takes too long, with the end of its output in the message.
 * @param {Step} step
 * @returns {Promise<string>} the end of its output
 */
export async function runStep(step) {
  console.log(`${step.label} ...`);
  const startedAt = Date.now();
  const seconds = () => Math.round((Date.now() - startedAt) / 1000);
  const child = spawn(step.command, step.args, {
    cwd: step.cwd,
    env: step.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own: all of it ends with the step.
    detached: true,
  });
  current = child;
  let tail = "";
  const collect = (chunk) => {
    if (step.visible) process.stdout.write(chunk);
    tail = (tail + chunk).slice(-MAX_TAIL_CHARACTERS);
  };
  child.stdout.setEncoding("utf8").on("data", collect);
  child.stderr.setEncoding("utf8").on("data", collect);
  const progress = step.visible
    ? undefined
    : setInterval(() => console.log(`  still at it (${seconds()} s)`), PROGRESS_EVERY_MS);
  let isLate = false;
  const limit = setTimeout(() => {
    isLate = true;
    if (child.pid) endGroup(child.pid, "SIGKILL");
  }, step.timeoutMs);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once("error", reject);
      // "exit", not "close": something that the step left behind may hold its pipes open.
      child.once("exit", (exitCode, signal) => resolve(exitCode ?? signal));
    });
    if (code === 0) return tail;
    const reason = isLate ? `took longer than ${step.timeoutMs / 1000} s` : `failed (${code})`;
    throw new Error(`${step.label} ${reason}.${step.visible ? "" : `\n${tail.trimEnd()}`}`);
  } finally {
    clearInterval(progress);
    clearTimeout(limit);
    if (child.pid) endGroup(child.pid, "SIGTERM");
    child.stdout.destroy();
    child.stderr.destroy();
    current = undefined;
  }
}

function endGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
