#!/usr/bin/env node
/**
 * `slipway <command>`: makes sure that everything is installed and hands over to the command program on the pinned Node.
 * Plain Node 20 and built-in modules only, like `start.mjs`.
 */
import { spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, pinnedNode } from "./install.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const [command, ...rest] = process.argv.slice(2);

/** Paths are meant from where the person stands; npm moves to the checkout first. */
const words = ["backup", "restore"].includes(command)
  ? rest.map((path) => resolve(process.env.INIT_CWD ?? process.cwd(), path))
  : rest;

async function prepare() {
  await ensureInstalled(root, { development: false });
  const build = await import("./build.mjs");
  await build.bundleCommands(root);
}

function run() {
  const program = join(root, ".build/slipway.mjs");
  const child = spawn(pinnedNode(root), [program, ...(command ? [command] : []), ...words], {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production" },
  });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.once("error", fail);
  child.once("exit", (code) => process.exit(code ?? 1));
}

function fail(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

prepare().then(run, fail);
