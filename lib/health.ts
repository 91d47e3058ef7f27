/** Whether this process can do its work, and its numbers as Prometheus text. Changes nothing. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Database } from "@/db/client";
import { countBusyChats, pingDatabase } from "@/db/queries/health";
import { log } from "@/lib/log";

/** A database that takes longer is of no use either. */
const PING_TIMEOUT_MS = 2_000;

/** What of the runtime is looked at. */
type Process = { version: string; daemonProblem: () => string | null };

export type Health = { status: "ok" | "failing"; version: string; database: string; daemon: string };

/** Asks each part. The texts name the part's problem without internals. */
export async function checkHealth(runtime: Process, db: Database): Promise<Health> {
  const database = (await answersInTime(pingDatabase(db))) ? "ok" : "unreachable";
  const daemon = runtime.daemonProblem() ?? "ok";
  const status = database === "ok" && daemon === "ok" ? "ok" : "failing";
  return { status, version: runtime.version, database, daemon };
}

async function answersInTime(ping: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PING_TIMEOUT_MS);
  });
  const answered = ping.then(
    () => true,
    (err: unknown) => {
      log.warn("health: the database does not answer", { err });
      return false;
    },
  );
  return Promise.race([answered, late]).finally(() => clearTimeout(timer));
}

let loopDelay: ReturnType<typeof monitorEventLoopDelay> | undefined;

/** The event loop's delay since the last call, 0 at the first: it is measured only while somebody asks. */
function takeLoopDelay(): number {
  if (!loopDelay) {
    loopDelay = monitorEventLoopDelay({ resolution: 20 });
    loopDelay.enable();
    return 0;
  }
  const seconds = loopDelay.percentile(99) / 1e9;
  loopDelay.reset();
  return seconds;
}

/** Metrics in the Prometheus text format. */
export async function formatMetrics(runtime: Process, db: Database): Promise<string> {
  const busy = await countBusyChats(db);
  const memory = process.memoryUsage();
  const cpu = process.cpuUsage();
  const gauges: [name: string, help: string, value: number][] = [
    ["slipway_chats_pending", "Chats that wait for a worker.", busy.pending],
    ["slipway_chats_running", "Chats that a worker owns.", busy.running],
    ["slipway_daemon_healthy", "1 unless the daemon reports a problem.", runtime.daemonProblem() ? 0 : 1],
    ["process_resident_memory_bytes", "Resident memory.", memory.rss],
    ["nodejs_heap_used_bytes", "JavaScript heap in use.", memory.heapUsed],
    ["nodejs_eventloop_delay_p99_seconds", "99th percentile of the event loop's delay.", takeLoopDelay()],
    ["process_uptime_seconds", "Age of the process.", process.uptime()],
  ];
  const lines = gauges.flatMap(([name, help, value]) => [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} gauge`,
    `${name} ${value}`,
  ]);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  lines.push("# HELP process_cpu_seconds_total CPU time.", "# TYPE process_cpu_seconds_total counter");
  lines.push(`process_cpu_seconds_total ${cpuSeconds}`);
  lines.push("# HELP slipway_info Version.", "# TYPE slipway_info gauge");
  lines.push(`slipway_info{version="${runtime.version}"} 1`, "");
  return lines.join("\n");
}
