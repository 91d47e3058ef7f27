/**
 * What a page's main thread did while something happened, from Chromium's own trace. Tasks are judged by their CPU time:
 * on a machine that others use too, a task's wall time counts how long it waited for a core.
 */
import type { Browser, Page } from "playwright";

export type MainThread<T> = {
  result: T;
  /** Of the longest task. */
  longestCpuMs: number;
  /** Of the longest task, waiting for a core included. */
  longestWallMs: number;
  /** Of all tasks together. */
  totalCpuMs: number;
};

type TraceEvent = {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  /** Microseconds, and those of the thread's own clock. */
  dur?: number;
  tdur?: number;
  args?: { name?: string };
};

const CATEGORIES = ["toplevel", "disabled-by-default-devtools.timeline", "devtools.timeline"];

/** The page must be the only one that works meanwhile: the busiest renderer's main thread is taken for its. */
export async function traceMainThread<T>(
  { browser, page }: { browser: Browser; page: Page },
  work: () => Promise<T>,
): Promise<MainThread<T>> {
  await browser.startTracing(page, { categories: CATEGORIES });
  let result: T;
  let trace: Buffer;
  try {
    result = await work();
  } finally {
    trace = await browser.stopTracing();
  }
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: TraceEvent[] };
  const tasks = findTasks(traceEvents);
  const cpu = tasks.map(({ tdur = 0 }) => tdur / 1000);
  return {
    result,
    longestCpuMs: Math.max(0, ...cpu),
    longestWallMs: Math.max(0, ...tasks.map(({ dur = 0 }) => dur / 1000)),
    totalCpuMs: cpu.reduce((sum, ms) => sum + ms, 0),
  };
}

/** @throws Error when the trace names no tasks: zero would pass for fast. */
function findTasks(events: readonly TraceEvent[]): TraceEvent[] {
  const threads = events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain");
  const ofThreads = threads.map(({ pid, tid }) =>
    events.filter((event) => event.pid === pid && event.tid === tid && event.ph === "X" && event.name === "RunTask"),
  );
  const tasks = ofThreads.sort((a, b) => busyMs(b) - busyMs(a))[0] ?? [];
  if (tasks.length === 0 || tasks.every(({ tdur }) => tdur === undefined)) {
    throw new Error("Chromium's trace has no tasks with CPU times.");
  }
  return tasks;
}

const busyMs = (tasks: readonly TraceEvent[]): number => tasks.reduce((sum, { dur = 0 }) => sum + dur, 0);
