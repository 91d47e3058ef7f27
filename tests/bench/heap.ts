/** Garbage collection of a running server from outside, so that what is measured is what it holds. */
import { setTimeout as sleep } from "node:timers/promises";

/** For the server's environment: a free port for the inspector that SIGUSR1 opens. */
export const INSPECTABLE = { NODE_OPTIONS: "--inspect-port=0" };

const DEADLINE_MS = 60_000;

/** Opens the inspector of a process and collects all its garbage. `output` is what it has printed. */
export async function collectGarbage(pid: number, output: () => string): Promise<void> {
  process.kill(pid, "SIGUSR1");
  const socket = new WebSocket(await inspectorUrl(output));
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", reject);
  });
  // Twice: what the first frees by finalizers is freed by the second.
  for (const id of [1, 2]) {
    socket.send(JSON.stringify({ id, method: "HeapProfiler.collectGarbage" }));
    await new Promise((resolve) => socket.addEventListener("message", resolve, { once: true }));
  }
  socket.close();
}

async function inspectorUrl(output: () => string): Promise<string> {
  for (const end = Date.now() + DEADLINE_MS; Date.now() < end; await sleep(50)) {
    const url = /Debugger listening on (ws:\S+)/.exec(output())?.[1];
    if (url) return url;
  }
  throw new Error(`The server opened no inspector in ${DEADLINE_MS} ms.`);
}
