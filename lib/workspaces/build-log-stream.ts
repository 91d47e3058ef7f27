/** A build's log as Server-Sent Events. Reads through the functions it is given; authorises nobody. */
import type { Clock } from "@/lib/clock";
import type { BuildLogLine, BuildStatus } from "@/lib/contract/workspaces";

export type BuildLogSource = {
  clock: Clock;
  signal: AbortSignal;
  /** The last `seq` that the client has seen. */
  lastEventId: string | null;
  /** The next page, empty at the end. */
  readLines(afterSeq: number): Promise<(BuildLogLine & { seq: number })[]>;
  readStatus(): Promise<BuildStatus>;
};

/** A build's lines come in a few batches a second; a person does not read faster. */
const POLL_MS = 300;
const HEARTBEAT_MS = 15_000;
const ENDED: readonly BuildStatus[] = ["running", "stopped", "deleted", "failed"];

/** The lines so far, live ones, then `done` once the build has ended. */
export function streamBuildLog(source: BuildLogSource): Response {
  const events = logEvents(source);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { value, done } = await events.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
      } catch (error) {
        // A client that went away is no failure.
        if (source.signal.aborted) controller.close();
        else controller.error(error);
      }
    },
    async cancel() {
      await events.return(undefined);
    },
  });
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    },
  });
}

async function* logEvents(source: BuildLogSource): AsyncGenerator<string, void> {
  yield "retry: 1000\n\n";
  let seq = /^\d{1,9}$/.test(source.lastEventId ?? "") ? Number(source.lastEventId) : 0;
  let silentSince = source.clock.now();
  while (!source.signal.aborted) {
    // The status is read first: lines written before the end are then seen for certain.
    const status = await source.readStatus();
    const lines = await source.readLines(seq);
    for (const { seq: id, stage, line } of lines) {
      seq = id;
      yield `event: log\nid: ${id}\ndata: ${JSON.stringify({ type: "log", stage, line })}\n\n`;
    }
    if (lines.length > 0) silentSince = source.clock.now();
    else if (ENDED.includes(status)) return yield `event: done\nid: ${seq}\ndata: {"type":"done"}\n\n`;
    else await source.clock.sleep(POLL_MS, source.signal);
    if (source.clock.now() - silentSince < HEARTBEAT_MS) continue;
    silentSince = source.clock.now();
    yield ": heartbeat\n\n";
  }
}
