/** How long a chat stands still when its server is killed or falls silent, with leases as they are by default. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startEmbeddedPostgres } from "@/db/embedded";
import { killSandboxes } from "../../support/end-sandboxes";
import { type FaultyProxy, startFaultyProxy } from "../../support/faulty-proxy";
import { reply } from "../../support/model-reply";
import { type ModelServer, startModelServer } from "../../support/model-server";
import { ADMINISTRATOR } from "../../support/product";
import { type ServerProcess, startServerProcess } from "../../support/server-process";
import { createClient } from "../client";
import type { Row } from "../stats";

const CHATS = 8;
const PATIENCE_MS = 60_000;
/** So long after PostgreSQL's own start nobody is taken for dead: workers may be coming back. The default lease. */
const SETTLING_MS = 10_000;
/** What the look once a second and the start of a run may take. */
const MAX_AFTER_READY_MS = 2_000;
const MAX_SILENT_MS = 12_000;

type Server = { process: ServerProcess; proxy: FaultyProxy };

export async function measureTakeover(): Promise<Row[]> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-bench-takeover-"));
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, "database") });
  const socket = postgres.address.kind === "socket" ? postgres.address.directory : "";
  const model = await startModelServer({ script: () => reply.hang() });
  const servers: Server[] = [];
  const start = async (): Promise<Server> => {
    const proxy = await startFaultyProxy(join(socket, ".s.PGSQL.5432"));
    const server = { proxy, process: startServerProcess({ env: environment({ dataDir, proxy, model }) }) };
    servers.push(server);
    await server.process.ready;
    return server;
  };
  try {
    const first = await start();
    const killed = await ask(first, model, "restarted");
    await sleep(SETTLING_MS);
    await first.process.kill();
    const second = await start();
    const afterReady = await timeUntil(killed.areAskedAgain);

    const orphaned = await ask(second, model, "orphaned");
    const third = await start();
    await second.process.kill();
    const afterKill = await timeUntil(orphaned.areAskedAgain);

    const cutOff = await ask(third, model, "cut off");
    await start();
    third.proxy.silence();
    const afterSilence = await timeUntil(cutOff.areAskedAgain);
    return [
      row(
        `server killed and started again: ready line → all ${CHATS} chats at the provider`,
        afterReady,
        MAX_AFTER_READY_MS,
      ),
      row("one of two servers killed: kill → all at the provider, by the other", afterKill, MAX_SILENT_MS),
      row("one of two servers cut off in silence → all at the provider, by the other", afterSilence, MAX_SILENT_MS),
    ];
  } finally {
    for (const { proxy } of servers) proxy.speak();
    await Promise.all(servers.map(({ process }) => process.kill()));
    await Promise.all(servers.map(({ proxy }) => proxy.close()));
    await postgres.stop();
    await model.close();
    killSandboxes(dataDir);
    await rm(dataDir, { recursive: true, force: true });
  }
}

type EnvironmentOptions = { dataDir: string; proxy: FaultyProxy; model: ModelServer };

const environment = ({ dataDir, proxy, model }: EnvironmentOptions) => ({
  SLIPWAY_DATA_DIR: dataDir,
  DATABASE_URL: `postgres://slipway@${encodeURIComponent(proxy.directory)}:5432/slipway`,
  SLIPWAY_ADMIN_EMAIL: ADMINISTRATOR.email,
  SLIPWAY_ADMIN_PASSWORD: ADMINISTRATOR.password,
  SLIPWAY_ADMIN_TOKEN: ADMINISTRATOR.token,
  ANTHROPIC_API_KEY: "bench",
  ANTHROPIC_BASE_URL: `${model.url}/v1`,
  LOG_LEVEL: "error",
});

/** Gives the server chats whose model never answers, and waits until it has asked for all of them. */
async function ask({ process }: Server, model: ModelServer, content: string) {
  const client = createClient({ url: process.url, token: ADMINISTRATOR.token });
  const asked = () => model.requests.filter(({ prompt }) => prompt === content).length;
  await Promise.all(Array.from({ length: CHATS }, () => client.call("POST", "/chats", { content })));
  await timeUntil(() => asked() === CHATS);
  client.close();
  return { areAskedAgain: () => asked() === 2 * CHATS };
}

/** In ms. @throws Error when it takes more than a minute. */
async function timeUntil(isThere: () => boolean): Promise<number> {
  const startedAt = performance.now();
  while (!isThere()) {
    if (performance.now() - startedAt > PATIENCE_MS) throw new Error("The chats were not taken over within a minute.");
    await sleep(5);
  }
  return performance.now() - startedAt;
}

const row = (what: string, value: number, most: number): Row => ({
  what,
  value,
  unit: "ms",
  floor: null,
  target: `≤ ${most} ms`,
  met: value <= most,
});
