/** What goes wrong in a round: each fault is one sentence and one deed, drawn by the round's seed. */
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import type { Random } from "../support/random";
import type { Member, Topology, World } from "./world";

export type Fault = {
  name: string;
  /** Takes runs from their worker: a step may have to begin anew. */
  isKill: boolean;
  where: readonly Topology[];
  strike(world: World, random: Random): Promise<void>;
};

/** Beyond the lease of 4 s. */
const BEYOND_LEASE_MS = 4_700;
const SHORT_MS = 900;

const pickAlive = ({ members }: World, random: Random, fits: (member: Member) => boolean = () => true) => {
  const alive = members.filter((member) => !member.process.hasExited() && !member.isStopped && fits(member));
  return alive.length > 0 ? random.pick(alive) : undefined;
};
const worksOnChats = ({ role }: Member) => role !== "web";
const both: readonly Topology[] = ["several", "alone"];
const several: readonly Topology[] = ["several"];

async function killAndRestart(world: World, member: Member | undefined): Promise<void> {
  if (!member) return;
  await member.process.kill();
  await world.restart(member);
}

async function stopFor(member: Member | undefined, ms: number): Promise<void> {
  if (!member) return;
  member.isStopped = true;
  member.process.signal("SIGSTOP");
  await sleep(ms);
  member.process.signal("SIGCONT");
  member.isStopped = false;
}

async function silenceFor(member: Member | undefined, ms: number): Promise<void> {
  member?.proxy?.silence();
  await sleep(ms);
  member?.proxy?.speak();
}

/** As an administrator of the database would, past the proxies. */
/** What another fault is just starting again has no connection to drop. */
const IS_STARTING = ["57P03", "ECONNREFUSED", "ENOENT"];

async function terminate(world: World, which: "all" | "listeners"): Promise<void> {
  const sql = postgres({ host: await world.databaseDirectory(), username: "slipway", database: "slipway", max: 1 });
  const condition = which === "all" ? sql`true` : sql`query ILIKE 'listen%'`;
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = 'slipway' AND pid <> pg_backend_pid() AND application_name = 'slipway' AND ${condition}`.catch(
    (error) => {
      if (!IS_STARTING.includes(error.code)) throw error;
    },
  );
  await sql.end({ timeout: 1 });
}

async function spoilHints({ members }: World, random: Random, fault: "lose" | "double" | "delay"): Promise<void> {
  for (const { proxy } of members) proxy?.onHint(() => (random.chance(0.5) ? fault : undefined));
  await sleep(1_500);
  for (const { proxy } of members) proxy?.onHint(undefined);
}

export const FAULTS: readonly Fault[] = [
  {
    name: "kill a worker",
    isKill: true,
    where: both,
    strike: (world, random) => killAndRestart(world, pickAlive(world, random, worksOnChats)),
  },
  {
    name: "kill a web server",
    isKill: false,
    where: several,
    strike: (world, random) =>
      killAndRestart(
        world,
        pickAlive(world, random, ({ role }) => role === "web"),
      ),
  },
  {
    name: "kill every process",
    isKill: true,
    where: both,
    async strike(world) {
      await Promise.all(world.members.map((member) => member.process.kill()));
      await Promise.all(world.members.map((member) => world.restart(member)));
    },
  },
  {
    name: "end a worker politely",
    isKill: false,
    where: several,
    async strike(world, random) {
      const member = pickAlive(world, random, worksOnChats);
      if (!member) return;
      await member.process.stop();
      await world.restart(member);
    },
  },
  {
    name: "kill the postmaster",
    isKill: true,
    where: both,
    strike: async (world) => void process.kill(await world.postmasterPid(), "SIGKILL"),
  },
  {
    name: "restart the database at once",
    isKill: true,
    where: both,
    strike: async (world) => void process.kill(await world.postmasterPid(), "SIGQUIT"),
  },
  {
    name: "drop every connection to the database",
    isKill: false,
    where: both,
    strike: (world) => terminate(world, "all"),
  },
  {
    name: "drop the listeners' connections",
    isKill: false,
    where: several,
    strike: (world) => terminate(world, "listeners"),
  },
  {
    name: "cut one process from the database",
    isKill: false,
    where: several,
    strike: async (world, random) => pickAlive(world, random)?.proxy?.cutAll(),
  },
  {
    name: "silence one process's database for longer than the lease",
    isKill: true,
    where: several,
    strike: (world, random) => silenceFor(pickAlive(world, random), BEYOND_LEASE_MS),
  },
  {
    name: "silence one process's database for a moment",
    isKill: false,
    where: several,
    strike: (world, random) => silenceFor(pickAlive(world, random), SHORT_MS),
  },
  {
    name: "stop a worker for longer than its lease, then let it go on",
    isKill: true,
    where: both,
    strike: (world, random) => stopFor(pickAlive(world, random, worksOnChats), BEYOND_LEASE_MS),
  },
  {
    name: "stop a web server for a moment",
    isKill: false,
    where: several,
    strike: (world, random) =>
      stopFor(
        pickAlive(world, random, ({ role }) => role === "web"),
        SHORT_MS,
      ),
  },
  ...(["lose", "double", "delay"] as const).map((fault) => ({
    name: `${fault} half of the hints`,
    isKill: false,
    where: several,
    strike: (world: World, random: Random) => spoilHints(world, random, fault),
  })),
  { name: "nothing", isKill: false, where: both, strike: async () => undefined },
];

/** PostgreSQL's supervisor gives up on a server that dies more than five times a minute. */
export const isDatabaseRestart = (fault: Fault): boolean => /postmaster|restart the database/.test(fault.name);
