/**
 * The product of a chaos round, in processes of its own: either several servers on one PostgreSQL, each behind a proxy,
 * or one alone with the embedded database. Kills nothing by itself.
 */
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findRunningPostgres, startEmbeddedPostgres } from "@/db/embedded";
import { killSandboxes } from "../support/end-sandboxes";
import { type FaultyProxy, startFaultyProxy } from "../support/faulty-proxy";
import type { Random } from "../support/random";
import { type ServerProcess, startServerProcess } from "../support/server-process";
import type { Answer, Api } from "./person";
import type { Provider } from "./provider";

export const TOPOLOGIES = ["several", "alone"] as const;
export type Topology = (typeof TOPOLOGIES)[number];

export type Member = {
  name: string;
  role: "web" | "daemon" | "all";
  process: ServerProcess;
  proxy: FaultyProxy | undefined;
  isStopped: boolean;
};

export type World = {
  topology: Topology;
  members: Member[];
  dataDir: string;
  token: string;
  /** The directory of PostgreSQL's socket, as it is now. */
  databaseDirectory(): Promise<string>;
  postmasterPid(): Promise<number>;
  /** Starts a member whose process has ended, on the port that it had. */
  restart(member: Member): Promise<void>;
  pickUrl(random: Random): string;
  api(random: Random): Api;
  /** Everything that lasts is as it was before the faults; what is not well within the time is named. */
  heal(): Promise<string[]>;
  close(): Promise<void>;
};

const TOKEN = "slp_administrator_of_the_chaos_rounds_0000";
/** A fault ends within seconds; a server that starts on a loaded machine needs longer. */
const HEAL_MS = 60_000;
const ANSWER_MS = 60_000;

export async function startWorld(topology: Topology, provider: Provider): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-chaos-"));
  const pgDir = join(dataDir, topology === "several" ? "cluster" : "");
  const postgres = topology === "several" ? await startEmbeddedPostgres({ dataDir: pgDir }) : undefined;
  const databaseDirectory = async () => {
    const address = postgres?.address ?? (await findRunningPostgres(dataDir));
    if (address?.kind !== "socket") throw new Error("The database is not there.");
    return address.directory;
  };
  const roles = topology === "several" ? (["web", "daemon", "daemon", "web"] as const) : (["all"] as const);
  const members: Member[] = [];

  const begin = async (member: Pick<Member, "role" | "proxy">, port: string) => {
    const env = environment({ provider, dataDir, ...member, port });
    const server = startServerProcess({ env });
    await server.ready;
    return server;
  };
  // One after the other: the first one migrates and makes the administrator.
  for (const [index, role] of roles.entries()) {
    const proxy = postgres && (await startFaultyProxy(join(await databaseDirectory(), ".s.PGSQL.5432")));
    const server = await begin({ role, proxy }, "0");
    members.push({ name: `${role} ${index}`, role, process: server, proxy, isStopped: false });
  }

  const world: World = {
    topology,
    members,
    dataDir,
    token: TOKEN,
    databaseDirectory,
    postmasterPid: async () => Number((await readFile(join(pgDir, "postgres/postmaster.pid"), "utf8")).split("\n")[0]),
    async restart(member) {
      const port = member.process.url ? new URL(member.process.url).port : "0";
      member.isStopped = false;
      member.process = await begin(member, port);
    },
    pickUrl: (random) => random.pick(members.filter(({ role }) => role !== "daemon")).process.url,
    api: (random) => createApi(() => world.pickUrl(random)),
    heal: () => heal(world),
    async close() {
      await Promise.all(members.map((member) => member.process.stop()));
      await Promise.all(members.map(({ proxy }) => proxy?.close()));
      await postgres?.stop();
      killSandboxes(dataDir);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return world;
}

type EnvironmentOptions = Pick<Member, "role" | "proxy"> & { provider: Provider; dataDir: string; port: string };

/** Short leases and a short silence, so that a round takes seconds. */
function environment({ role, proxy, provider, dataDir, port }: EnvironmentOptions): Record<string, string> {
  return {
    PORT: port,
    SLIPWAY_ROLE: role,
    SLIPWAY_DATA_DIR: dataDir,
    ...(proxy && { DATABASE_URL: `postgres://slipway@${encodeURIComponent(proxy.directory)}:5432/slipway` }),
    SLIPWAY_ADMIN_EMAIL: "admin@example.test",
    SLIPWAY_ADMIN_PASSWORD: "correct horse battery",
    SLIPWAY_ADMIN_TOKEN: TOKEN,
    SLIPWAY_WORKER_HEARTBEAT_MS: "500",
    SLIPWAY_WORKER_LEASE_MS: "4000",
    SLIPWAY_MODEL_SILENCE_MS: "1500",
    ANTHROPIC_API_KEY: "sk-ant-of-the-chaos-rounds",
    ANTHROPIC_BASE_URL: `${provider.url}/v1`,
  };
}

async function heal(world: World): Promise<string[]> {
  const unwell: string[] = [];
  await Promise.all(
    world.members.map(async (member) => {
      member.proxy?.speak();
      member.proxy?.onHint(undefined);
      if (member.isStopped) member.process.signal("SIGCONT");
      member.isStopped = false;
      if (member.process.hasExited()) {
        unwell.push(`${member.name} ended by itself: ${member.process.output().slice(-2_000)}`);
        await world.restart(member);
      }
      if (member.role === "daemon") return;
      const health = await untilWell(member.process.url);
      if (health) unwell.push(`${member.name} says ${health}`);
    }),
  );
  return unwell;
}

async function untilWell(url: string): Promise<string | undefined> {
  let last = "nothing";
  for (const deadline = Date.now() + HEAL_MS; Date.now() < deadline; await sleep(50)) {
    try {
      const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) });
      last = await response.text();
      if (response.ok) return undefined;
    } catch (error) {
      last = String(error);
    }
  }
  return last;
}

function createApi(pickUrl: () => string): Api {
  const once = async (method: string, path: string, body: unknown, key: string | undefined): Promise<Answer> => {
    const response = await fetch(`${pickUrl()}/api/experimental${path}`, {
      method,
      signal: AbortSignal.timeout(8_000),
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 500) throw new Error(text);
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  };
  return {
    async request(method, path, body, key) {
      for (const deadline = Date.now() + ANSWER_MS; Date.now() < deadline; await sleep(50)) {
        const answer = await once(method, path, body, key).catch(() => undefined);
        if (answer) return answer;
      }
      return undefined;
    },
  };
}
