/**
 * `npm start`: installs and builds when needed, then runs the entry program on the pinned Node.
 * Plain Node 20 and built-in modules only, since nothing is installed yet. Knows nothing of the product.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, pinnedNode } from "./install.mjs";
import { stopStep } from "./steps.mjs";

const OLDEST_NODE = 20;
const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const isDevelopment = process.argv.includes("--dev");

/**
 * Node 24 sizes the young generation by the machine's memory and then fills it. V8's earlier 16 MB keeps the server at
 * 240 MB with 64 running chats, and 64 MB at 340; for a tenth less CPU a turn, since fewer answers outlive a collection.
 * The old generation is collected when it has grown to three times of what it held, where V8 would do it every ten
 * seconds while a hundred answers stream, and every viewer waits a tenth of a second for that.
 * A parsed source map would add 35 MB.
 */
const nodeOptions = isDevelopment
  ? ["--enable-source-maps"]
  : ["--max-semi-space-size=64", "--heap-growing-percent=200"];

async function prepare() {
  if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE) {
    throw new Error(`Slipway needs Node ${OLDEST_NODE} or later; this is ${process.version}.`);
  }
  await ensureInstalled(root, { development: isDevelopment });
  const build = await import("./build.mjs");
  await (isDevelopment ? build.bundlePrograms(root) : build.ensureBuilt(root));
}

function run() {
  const server = spawn(pinnedNode(root), [...nodeOptions, join(root, ".build/server.mjs"), ...process.argv.slice(2)], {
    cwd: root,
    // The channel tells the server that we are gone, even after SIGKILL.
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: isDevelopment ? "development" : "production" },
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.removeAllListeners(signal);
    process.on(signal, () => server.kill(signal));
  }
  server.once("error", (error) => fail(error));
  server.once("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
  if (process.env.npm_lifecycle_event) endWithParent(server);
}

/** npm may be killed without a word to us; then nobody wants the server any more. */
function endWithParent(server) {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) server.kill("SIGTERM");
  }, 100).unref();
}

function fail(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
  process.on(signal, () => {
    stopStep();
    process.exit(130);
  });
}
prepare().then(run, fail);
