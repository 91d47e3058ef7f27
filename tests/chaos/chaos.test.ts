/** A short run of `npm run chaos`: the same rounds, some of each topology. */
import { expect, onTestFinished, test } from "vitest";
import { closeStage, playRound, type Stage, startStage } from "./round";
import { TOPOLOGIES, type Topology } from "./world";

/** Any; another one plays other faults. */
const SEED = 20_261_127;

const ROUNDS = { several: [0, 1], alone: [0] } satisfies Record<Topology, number[]>;

test.each(TOPOLOGIES)("people lose nothing while what runs for them is killed: %s", async (topology) => {
  const stage: Stage = await startStage(topology);
  onTestFinished(() => closeStage(stage));
  for (const round of ROUNDS[topology]) {
    const { plan, violations, evidence } = await playRound(stage, {
      seed: SEED,
      round,
      mayRestartDatabase: round === 0,
    });
    expect(violations, `${plan}; again with: npm run chaos -- --seed ${SEED} --from ${round} --rounds 1`).toEqual([]);
    expect(evidence.requests.length).toBeGreaterThan(8);
    expect(evidence.effects.size).toBeGreaterThan(0);
  }
});
