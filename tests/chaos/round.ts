/** One round: people at work, faults among them, then quiet, and the evidence for the checker. */
import { setTimeout as sleep } from "node:timers/promises";
import { createRandom, type Random } from "../support/random";
import { check } from "./checks/check";
import type { Evidence, Violation } from "./evidence";
import { type Facts, openDatabase, readActivity, readEffects, readFacts } from "./facts";
import { FAULTS, type Fault, isDatabaseRestart } from "./faults";
import { createPerson, type Person } from "./person";
import { type Provider, startProvider } from "./provider";
import { startViewer, type Viewer } from "./viewer";
import { startWorld, TOPOLOGIES, type Topology, type World } from "./world";

export type Stage = { world: World; provider: Provider; register(marker: string, chatId: string): void };

export type RoundResult = { plan: string; violations: Violation[]; evidence: Evidence; chats: number };

const CHATS = 8;
/** A retry may wait for some seconds, a takeover for the lease. */
const QUIET_MS = 90_000;
const POLL_MS = 100;
/** The poller repairs lost hints within a second, a cut stream is opened anew in less; on a loaded machine. */
const SHOWN_MS = 10_000;

export async function startStage(topology: Topology): Promise<Stage> {
  const chatIds = new Map<string, string>();
  const provider = await startProvider((marker) => chatIds.get(marker) ?? "");
  const world = await startWorld(topology, provider);
  return { world, provider, register: (marker, chatId) => void chatIds.set(marker, chatId) };
}

export async function closeStage({ world, provider }: Stage): Promise<void> {
  await world.close();
  await provider.close();
}

/** Which product a round is played against: mostly several processes. */
export const topologyOf = (seed: number, generation: number): Topology =>
  createRandom(seed).fork(`topology ${generation}`).chance(0.3) ? TOPOLOGIES[1] : TOPOLOGIES[0];

export type RoundOptions = {
  seed: number;
  round: number;
  /** The database may be restarted in this round. */
  mayRestartDatabase: boolean;
  chats?: number;
  log?: (text: string) => void;
};

export async function playRound(stage: Stage, options: RoundOptions): Promise<RoundResult> {
  const { world, provider } = stage;
  const random = createRandom(options.seed).fork(`round ${options.round}`);
  const faults = drawFaults(world.topology, random.fork("faults"), options.mayRestartDatabase);
  const plan = `${world.topology}: ${faults.map(({ name }) => name).join("; ")}`;
  options.log?.(`round ${options.round}, ${plan}`);
  const firstRequest = provider.log.length;
  provider.misbehave(random.fork("provider"));

  const { people, viewers, work } = await startPeople(stage, random.fork("people"), options);
  const chatIds = people.map(({ chatId }) => chatId);
  const strikes = strikeAll(world, faults, random.fork("strikes"));
  const [struck] = await Promise.all([strikes, work]);
  provider.misbehave(undefined);
  const unwell = [...struck, ...(await world.heal())];

  const facts = await untilQuiet(world, chatIds);
  const areShown = await Promise.all(viewers.map((viewer) => untilShown(viewer, facts)));
  const stuck = areShown.includes(false) ? await readStuck(world) : undefined;
  await Promise.all(viewers.map((viewer) => viewer.close()));
  const evidence: Evidence = {
    ...facts,
    acts: people.flatMap(({ acts }) => acts),
    requests: provider.log.slice(firstRequest).filter(({ chatId }) => chatIds.includes(chatId)),
    transcripts: viewers.map(({ transcript }) => transcript),
    effects: await readEffects(world.dataDir),
    kills: faults.filter(({ isKill }) => isKill).length,
    unwell,
    ...(stuck && { stuck }),
  };
  return { plan, violations: check(evidence), evidence, chats: chatIds.length };
}

function drawFaults(topology: Topology, random: Random, mayRestartDatabase: boolean): Fault[] {
  const possible = FAULTS.filter(({ where }) => where.includes(topology));
  const drawn = Array.from({ length: 1 + random.below(3) }, () => random.pick(possible));
  let restarts = mayRestartDatabase ? 1 : 0;
  return drawn.filter((fault) => !isDatabaseRestart(fault) || restarts-- > 0);
}

/** Numbers of chats go on from round to round, since markers name them. */
let nextNumber = 0;

async function startPeople({ world, register }: Stage, random: Random, { chats = CHATS }: RoundOptions) {
  const people: Person[] = [];
  const viewers: Viewer[] = [];
  const workspace = await world.api(random.fork("setup")).request("POST", "/workspaces", {});
  const doing = Array.from({ length: chats }, async (_, index) => {
    const own = random.fork(`person ${index}`);
    const person = await createPerson({
      number: nextNumber++,
      api: world.api(own.fork("api")),
      random: own,
      workspaceId: index % 2 === 0 ? workspace?.body?.id : undefined,
      onCreated: register,
    });
    people.push(person);
    for (let i = own.below(2); i >= 0; i -= 1) {
      const chance = own.fork(`viewer ${i}`);
      const { chatId } = person;
      viewers.push(startViewer({ chatId, token: world.token, pickUrl: () => world.pickUrl(chance), random: chance }));
    }
    await person.work();
  });
  const work = Promise.all(doing);
  work.catch(() => undefined);
  // Chats must exist before anything goes wrong; what they do then is the round.
  while (people.length < chats) await Promise.race([sleep(20), Promise.all(doing)]);
  return { people, viewers, work };
}

/** One after the other, at random moments. Returns what did not come back. */
async function strikeAll(world: World, faults: Fault[], random: Random): Promise<string[]> {
  const unwell: string[] = [];
  for (const fault of faults) {
    await sleep(random.below(1_500));
    await fault.strike(world, random).catch((error) => unwell.push(`${fault.name}: ${String(error).slice(-2_000)}`));
  }
  return unwell;
}

/** Waits until no chat has anything to do, or time is up; the checker says which have not. */
async function untilQuiet(world: World, chatIds: string[]): Promise<Facts> {
  const sql = openDatabase(await world.databaseDirectory());
  try {
    for (const deadline = Date.now() + QUIET_MS; ; await sleep(POLL_MS)) {
      const facts = await readFacts(sql, chatIds).catch(() => undefined);
      const isQuiet = facts?.chats.every(({ status }) => ["waiting", "completed", "error"].includes(status));
      if (facts && (isQuiet || Date.now() > deadline)) return facts;
    }
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/** A viewer has a few seconds to show what is; the checker compares all of it. */
async function untilShown(viewer: Viewer, { chats }: Facts): Promise<boolean> {
  viewer.settle();
  const chat = chats.find(({ id }) => id === viewer.transcript.chatId);
  const isThere = () => viewer.shown().version === chat?.snapshotVersion;
  for (const deadline = Date.now() + SHOWN_MS; !isThere() && Date.now() < deadline; ) await sleep(20);
  return isThere();
}

/** Asked before the viewers go, so that what they wait for is still to be seen. */
async function readStuck(world: World): Promise<Evidence["stuck"]> {
  const sql = openDatabase(await world.databaseDirectory());
  try {
    const outputs = world.members.map(
      ({ name, process }) => `${name} at ${process.url}: ${process.output().slice(-4_000)}`,
    );
    return { activity: await readActivity(sql), outputs };
  } finally {
    await sql.end({ timeout: 1 });
  }
}
