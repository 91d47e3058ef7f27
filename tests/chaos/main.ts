/**
 * `npm run chaos -- --seed N --rounds M [--from K] [--topology several|alone] [--out DIRECTORY]`: plays rounds and
 * counts them per seed, so that a run that was ended goes on where it was. `--failpoints` kills a worker before and
 * after each failpoint instead. Exits with 1 when a round failed.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createGround, type Kill, record } from "./killing";
import { ENDING, STARTING } from "./marks";
import type { RoundResult, Stage } from "./round";
import { closeStage, playRound, startStage, topologyOf } from "./round";
import { TOPOLOGIES, type Topology } from "./world";

/** Rounds that one set of processes lives through. */
const GENERATION = 10;

type Failure = { round: number; plan: string; violations: RoundResult["violations"]; replay: string };
type Counts = { seed: number; passed: number; next: number; failures: Failure[] };

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    rounds: { type: "string", default: "10" },
    from: { type: "string" },
    topology: { type: "string" },
    failpoints: { type: "boolean", default: false },
    out: { type: "string", default: "test-results/chaos" },
  },
});
const seed = Number(values.seed);
const file = join(values.out, `seed-${seed}.json`);

function readCounts(): Counts {
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Counts;
  return { seed, passed: 0, next: 0, failures: [] };
}

function save(counts: Counts): void {
  mkdirSync(values.out, { recursive: true });
  writeFileSync(file, `${JSON.stringify(counts, null, 2)}\n`);
}

/** For whoever looks into a failure: all that the checker saw. */
function saveEvidence(round: number, { evidence }: RoundResult): void {
  const effects = Object.fromEntries(evidence.effects);
  writeFileSync(
    join(values.out, `seed-${seed}-round-${round}.json`),
    JSON.stringify({ ...evidence, effects }, null, 1),
  );
}

function describe({ evidence }: RoundResult): string {
  const { acts, messages, requests, effects, transcripts } = evidence;
  const faulty = requests.filter(({ fault }) => fault !== null).length;
  const events = transcripts.reduce((sum, { entries }) => sum + entries.length, 0);
  return `${acts.length} acts, ${messages.length} rows, ${requests.length} requests (${faulty} spoiled), ${effects.size} commands, ${events} events at ${transcripts.length} clients`;
}

async function main(): Promise<boolean> {
  const counts = readCounts();
  const isReplay = values.from !== undefined;
  const first = isReplay ? Number(values.from) : counts.next;
  const last = isReplay ? first + Number(values.rounds) : Number(values.rounds);
  let stage: Stage | undefined;
  let isOk = true;
  for (let round = first; round < last; round += 1) {
    if (stage && round % GENERATION === 0) {
      await closeStage(stage);
      stage = undefined;
    }
    const topology = (values.topology as Topology | undefined) ?? topologyOf(seed, Math.floor(round / GENERATION));
    if (!TOPOLOGIES.includes(topology)) throw new Error(`--topology is one of ${TOPOLOGIES}; received ${topology}.`);
    stage ??= await startStage(topology);
    const startedAt = Date.now();
    const result = await playRound(stage, { seed, round, mayRestartDatabase: round % 3 === 0, log: console.log });
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    const replay = `npm run chaos -- --seed ${seed} --from ${round} --rounds 1 --topology ${topology}`;
    if (result.violations.length === 0) counts.passed += 1;
    else {
      isOk = false;
      counts.failures.push({ round, plan: result.plan, violations: result.violations, replay });
      console.log(`  FAILED (${seconds} s). Replay: ${replay}`);
      for (const { invariant, chatId, text } of result.violations)
        console.log(`  ${invariant} ${chatId ?? ""} ${text}`);
    }
    if (result.violations.length === 0) console.log(`  passed (${seconds} s): ${describe(result)}`);
    counts.next = Math.max(counts.next, round + 1);
    save(counts);
    if (result.violations.length > 0) saveEvidence(round, result);
  }
  if (stage) await closeStage(stage);
  console.log(`seed ${seed}: ${counts.passed} rounds passed, ${counts.failures.length} failed; ${file}`);
  return isOk;
}

async function killEverywhere(): Promise<boolean> {
  const ground = await createGround();
  const during = [...(await record(ground))].filter(([mark]) => !STARTING.includes(mark));
  const kills = [
    ...during.map(([mark, scene]) => ({ mark, scene })),
    ...STARTING.map((mark) => ({ mark, scene: "starting" as const })),
    ...ENDING.map((mark) => ({ mark, scene: "ending" as const })),
  ].flatMap((one): Kill[] => [
    { ...one, phase: "before" },
    { ...one, phase: "after" },
  ]);
  let failed = 0;
  for (const kill of kills) {
    const problems = await ground.kill(kill).catch((error) => [String(error)]);
    if (problems.length > 0) failed += 1;
    console.log(`${kill.phase} ${kill.mark} (${kill.scene}): ${problems.length === 0 ? "passed" : "FAILED"}`);
    for (const problem of problems) console.log(`  ${typeof problem === "string" ? problem : JSON.stringify(problem)}`);
  }
  await ground.close();
  console.log(`${kills.length - failed} kills passed, ${failed} failed`);
  return failed === 0;
}

process.exit((await (values.failpoints ? killEverywhere() : main())) ? 0 : 1);
