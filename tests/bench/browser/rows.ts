/** Rows of measurements in a browser. */
import { median, type Row } from "../stats";
import type { MainThread } from "./main-thread";

type Measured = { value: number; unit: Row["unit"]; limit: number; floor?: Row["floor"] };

export const row = (what: string, { value, unit, limit, floor = null }: Measured): Row => ({
  what,
  value,
  unit,
  floor,
  target: `≤ ${limit.toLocaleString("en")}${unit && ` ${unit}`}`,
  met: value <= limit,
});

/** Above it a browser calls a task long: whatever a person does meanwhile waits for it. */
const LONG_TASK_MS = 50;

/** The longest task's CPU time, the median of the rounds; with it for the eye the wall time of the same. */
export function taskRow(what: string, rounds: readonly MainThread<unknown>[]): Row {
  const wallMs = median(rounds.map(({ longestWallMs }) => longestWallMs));
  return row(`… longest task ${what}, CPU (${wallMs.toFixed(0)} ms with waiting)`, {
    value: median(rounds.map(({ longestCpuMs }) => longestCpuMs)),
    unit: "ms",
    limit: LONG_TASK_MS,
  });
}
