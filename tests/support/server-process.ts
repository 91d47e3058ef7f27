/** The built server in a process of its own, without the launcher: to be killed, stopped and continued by its own id. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pinnedNode } from "@/lib/server/install.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Nine processes may start at once on two cores. */
const START_TIMEOUT_MS = 120_000;
const MAX_OUTPUT_CHARACTERS = 2_000_000;

export type ServerProcess = {
  readonly pid: number;
  /** Empty where nothing is served. */
  url: string;
  /** Resolves when it serves or, without HTTP, works. @throws Error with the output when it ends before. */
  ready: Promise<void>;
  exited: Promise<unknown>;
  hasExited(): boolean;
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL after 15 seconds. */
  stop(): Promise<void>;
};

export type ServerProcessOptions = {
  env: Record<string, string>;
  /** Arguments of Node, before the entry program. */
  nodeArguments?: string[];
};

export function startServerProcess({ env, nodeArguments = [] }: ServerProcessOptions): ServerProcess {
  const { PATH = "", HOME = "" } = process.env;
  const args = [...nodeArguments, "--max-semi-space-size=16", join(root, ".build/server.mjs")];
  const child = spawn(pinnedNode(root), args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", PATH, HOME, PORT: "0", ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS);
    });
  }
  const hasExited = () => child.exitCode !== null || child.signalCode !== null;
  const exited = once(child, "exit");
  const server: ServerProcess = {
    pid: child.pid as number,
    url: "",
    ready: waitUntilReady(child, () => output).then((url) => {
      server.url = url;
    }),
    exited,
    hasExited,
    output: () => output,
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill("SIGKILL");
      if (!hasExited()) await exited;
    },
    async stop() {
      child.kill("SIGCONT");
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
      if (!hasExited()) await exited;
      clearTimeout(timer);
    },
  };
  // Whoever kills it before it is ready does not wait for that.
  server.ready.catch(() => undefined);
  return server;
}

async function waitUntilReady(child: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const ready = /^Slipway(?: is ready at (\S+)|'s daemon is ready .*)$/m.exec(output());
    if (ready) return ready[1] ?? "";
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  throw new Error(`The server did not start:\n${output()}`);
}
