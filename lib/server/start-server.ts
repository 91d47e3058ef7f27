/** The start, step by step, each able to fail with one clear line. What the steps do is in their own files. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Env } from "@/lib/env";
import { log } from "@/lib/log";
import { ensurePresets } from "@/lib/models/ensure-presets";
import { createRuntime } from "./create-runtime";
import { openDatabase } from "./database";
import { listen, type WebServer } from "./http-server";
import { createPages } from "./next-app";
import { createRouteHandler } from "./routes";
import { routeModules } from "./routes.generated";
import { getDatabase, getRuntime, setRuntime } from "./runtime";
import { ensureSandbox } from "./sandbox-install";
import { printSetupLink } from "./setup-link";
import { onShutdown } from "./shutdown";

export type StartOptions = {
  env: Env;
  /** The checkout. */
  root: string;
  isDevelopment: boolean;
};

type Step = { name: string; run: () => Promise<unknown> };

/**
 * Starts this process's role and prints the ready line. Resolves once requests are served.
 * @throws Error with the one line a person needs; everything started before is ended.
 */
export async function startServer(options: StartOptions): Promise<void> {
  /** In the order of starting; ended in reverse. */
  const started: Step[] = [];
  const shutdown = onShutdown(() => [...started].reverse());
  try {
    await start(options, (name, run) => started.push({ name, run }), shutdown.fatal);
  } catch (error) {
    await shutdown.end();
    throw error;
  }
}

type Defer = (name: string, end: () => Promise<unknown>) => void;

async function start(options: StartOptions, defer: Defer, onFatal: (error: Error) => void): Promise<void> {
  const { env, root, isDevelopment } = options;
  log.setLevel(env.LOG_LEVEL);
  const version = await readVersion(root);
  // Listening comes first: a port in use is found before anything else is touched.
  const server = env.SLIPWAY_ROLE === "daemon" ? undefined : await listen({ host: env.HOST, port: env.PORT });
  const accessUrl = (env.SLIPWAY_ACCESS_URL ?? server?.url ?? `http://${env.HOST}:${env.PORT}`).replace(/\/+$/, "");
  const pages = server && preparePages(options, server);
  const database = await openDatabase({ env, migrations: join(root, "drizzle"), onFatal });
  defer("database", database.end);
  if (server) defer("http connections", server.end);
  await ensureSandbox();
  const {
    runtime,
    start: startWork,
    end,
  } = await createRuntime({
    env,
    accessUrl,
    version,
    build: await readBuild(root, isDevelopment),
    isDevelopment,
    database,
    root,
  });
  setRuntime(runtime);
  defer("runtime", end);
  await ensurePresets({ db: getDatabase(), env });
  await printSetupLink({ env, accessUrl });
  if (server && pages) {
    server.serve({ routes: createRouteHandler(routeModules), pages: await pages, accessUrl });
    defer("new connections", server.stopAccepting);
  }
  await startWork();
  if (isDevelopment) log.info("development mode: pages are compiled when they are opened");
  const what = server
    ? `Slipway is ready at ${accessUrl}`
    : `Slipway's daemon is ready (worker ${getRuntime().bootId})`;
  console.log(what);
}

async function preparePages({ root, isDevelopment }: StartOptions, server: WebServer) {
  const pages = createPages({ root, isDevelopment, host: server.host, port: server.port });
  // Awaited later; a failure in between must not end the process as unhandled.
  pages.catch(() => undefined);
  return pages;
}

async function readVersion(root: string): Promise<string> {
  const text = await readFile(join(root, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** The fingerprint of the sources behind the pages; those of development change without one. */
async function readBuild(root: string, isDevelopment: boolean): Promise<string> {
  if (isDevelopment) return "development";
  return (await readFile(join(root, ".build/fingerprint"), "utf8")).slice(0, 12);
}
