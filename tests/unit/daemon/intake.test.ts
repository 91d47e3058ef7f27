import type { Sql } from "postgres";
import { expect, test } from "vitest";
import type { AcquiredRun } from "@/db/queries/chat-runs";
import type { Claim } from "@/lib/chats/claims";
import { systemClock } from "@/lib/clock";
import { createIntake } from "@/lib/daemon/intake";
import type { Slot } from "@/lib/daemon/slots";
import { createPubSub } from "@/lib/pubsub";
import { createRandom } from "../../support/random";

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

type Work = { end: () => void; lent?: () => void; isAtWork: boolean };

/** An intake over a database whose answers come when they are let go. */
function createWorld(max: number) {
  let number = 0;
  let pending = 0;
  const toRun = (runnerId = `runner-${++number}`) => ({ runnerId, chatId: `chat of ${runnerId}` }) as AcquiredRun;
  const answers: (() => void)[] = [];
  const sql = ((_: TemplateStringsArray, _workerId: string, limit: number) => {
    const taken = Array.from({ length: Math.min(limit, pending) }, () => toRun());
    pending -= taken.length;
    const { promise, resolve } = Promise.withResolvers<AcquiredRun[]>();
    answers.push(() => resolve(taken));
    return promise;
  }) as unknown as Sql;
  const works = new Set<Work>();
  const slots = new Map<Work, Slot>();
  const intake = createIntake({
    writer: { sql, pubsub: createPubSub() },
    clock: systemClock,
    max,
    workerId: () => "worker",
    isSure: () => true,
    knownPrompt: () => undefined,
    execute: async (_, slot, signal) => {
      const ended = Promise.withResolvers<void>();
      const work: Work = { end: ended.resolve, isAtWork: true };
      works.add(work);
      slots.set(work, slot);
      signal.addEventListener("abort", () => ended.resolve(), { once: true });
      await ended.promise;
      works.delete(work);
    },
  });
  const held: Claim[] = [];
  return {
    intake,
    works: () => [...works],
    atWork: () => [...works].filter(({ isAtWork }) => isAtWork).length,
    pending: () => pending,
    arrive() {
      pending += 1;
      intake.acquire();
    },
    answer: () => answers.shift()?.(),
    claim() {
      const claim = intake.claiming.reserve();
      if (claim) held.push(claim);
    },
    commit: () => {
      const claim = held.shift();
      claim?.start(toRun(claim.runnerId));
    },
    fail: () => held.shift()?.release(),
    end: (work: Work | undefined) => work && !work.lent && work.end(),
    lend(work: Work | undefined) {
      if (!work || work.lent || !work.isAtWork) return;
      const waited = Promise.withResolvers<void>();
      work.lent = waited.resolve;
      work.isAtWork = false;
      void slots
        .get(work)
        ?.lendDuring(() => waited.promise, new AbortController().signal)
        .then(() => {
          work.isAtWork = true;
          work.lent = undefined;
        });
    },
    giveBack: (work: Work | undefined) => work?.lent?.(),
  };
}

test("never more runs work at once than there are slots, none is lost, and whoever waited comes first", async () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = createRandom(seed);
    const max = 1 + random.below(3);
    const world = createWorld(max);
    const { intake } = world;
    const anyWork = () => random.pick(world.works());
    const deeds = [
      world.arrive,
      world.answer,
      world.claim,
      world.commit,
      world.fail,
      () => world.end(anyWork()),
      () => world.lend(anyWork()),
      () => world.giveBack(anyWork()),
    ];
    for (let step = 0; step < 60; step++) {
      random.pick(deeds)();
      await settled();
      expect(world.atWork(), `seed ${seed}, step ${step}`).toBeLessThanOrEqual(max);
      if (intake.acquire.isWanted()) expect(intake.claiming.reserve()).toBeUndefined();
    }
    for (let turn = 0; turn < 200; turn++) {
      for (const deed of [world.answer, world.fail]) deed();
      for (const work of world.works()) world.giveBack(work);
      await settled();
      for (const work of world.works()) world.end(work);
      await settled();
    }
    expect({ free: intake.free(), pending: world.pending() }, `seed ${seed}`).toEqual({ free: max, pending: 0 });
    await intake.stop();
  }
});
