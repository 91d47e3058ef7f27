/** The real product in a process of its own, started as `npm start` starts it, on a free port and its own data. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const START_TIMEOUT_MS = 60_000;
const MAX_OUTPUT_CHARACTERS = 200_000;

export const ADMINISTRATOR = {
  email: "admin@example.test",
  password: "correct horse battery",
  token: "slp_administrator_of_the_end_to_end_tests",
};

export type Product = {
  /** Empty where nothing is served: `SLIPWAY_ROLE=daemon`. */
  url: string;
  dataDir: string;
  pid: number;
  /** Everything printed so far. */
  output(): string;
  /** SIGTERM; the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL to launcher and server at once, as a power cut would. */
  kill(): Promise<void>;
};

type ProductOptions = {
  /** Kept by the caller; a temporary one, removed by `stop`, when absent. */
  dataDir?: string;
  env?: Record<string, string>;
  /** A command line in front of the launcher's. */
  wrapper?: string[];
  /** No preset administrator: the setup link is printed. */
  isFirstRun?: boolean;
};

/** Starts the product and waits for its ready line. @throws Error with its output when it does not come. */
export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "slipway-e2e-")));
  const program = [process.execPath, join(root, "lib/server/start.mjs")];
  const [command = "", ...args] = [...(options.wrapper ?? []), ...program];
  const launcher = spawn(command, args, {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(dataDir, options),
  });
  let output = "";
  const collect = (chunk: string) => {
    output = (output + chunk).slice(-MAX_OUTPUT_CHARACTERS);
  };
  launcher.stdout.setEncoding("utf8").on("data", collect);
  launcher.stderr.setEncoding("utf8").on("data", collect);
  const url = await readyUrl(launcher, () => output);
  const signal = async (name: "SIGTERM" | "SIGKILL") => {
    if (launcher.exitCode !== null || launcher.signalCode !== null) return launcher.exitCode;
    const exited = once(launcher, "exit");
    if (name === "SIGKILL") process.kill(-(launcher.pid as number), name);
    else launcher.kill(name);
    await exited;
    return launcher.exitCode;
  };
  return {
    url,
    dataDir,
    pid: launcher.pid as number,
    output: () => output,
    stop: async () => {
      const code = await signal("SIGTERM");
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true });
      return code;
    },
    kill: async () => {
      await signal("SIGKILL");
    },
  };
}

function environment(dataDir: string, options: ProductOptions): NodeJS.ProcessEnv {
  const { PATH = "", HOME = "" } = process.env;
  const administrator = {
    SLIPWAY_ADMIN_EMAIL: ADMINISTRATOR.email,
    SLIPWAY_ADMIN_PASSWORD: ADMINISTRATOR.password,
    SLIPWAY_ADMIN_TOKEN: ADMINISTRATOR.token,
  };
  return {
    NODE_ENV: "production",
    PATH,
    HOME,
    PORT: "0",
    SLIPWAY_DATA_DIR: dataDir,
    ...(options.isFirstRun ? {} : administrator),
    ...options.env,
  };
}

async function readyUrl(launcher: ChildProcess, output: () => string): Promise<string> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline && launcher.exitCode === null && launcher.signalCode === null) {
    const ready = /^Slipway(?: is ready at (\S+)|'s daemon is ready .*)$/m.exec(output());
    if (ready) return ready[1] ?? "";
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  launcher.kill("SIGTERM");
  throw new Error(`The product did not start:\n${output()}`);
}
