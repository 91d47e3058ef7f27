import { expect, test } from "vitest";
import { createSlots } from "@/lib/daemon/slots";

/** Runs as the daemon keeps them: started where there is room, gone when they end. */
function createWorld(max: number) {
  let running = 0;
  let freed = 0;
  const slots = createSlots({ max, running: () => running, onFree: () => (freed += 1) });
  const start = () => {
    running += 1;
    return slots.open();
  };
  const end = (slot: ReturnType<typeof slots.open>) => {
    slot.close();
    running -= 1;
    slots.settle();
  };
  return { slots, start, end, freed: () => freed };
}

function createWork() {
  let finish = () => {};
  const done = new Promise<void>((resolve) => {
    finish = resolve;
  });
  return { run: () => done, finish };
}

const never = new AbortController().signal;
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test("a lent slot is free for another run, and taken back when the wait is over", async () => {
  const { slots, start, freed } = createWorld(2);
  const parent = start();
  start();
  expect(slots.free()).toBe(0);
  const work = createWork();
  const waiting = parent.lendDuring(work.run, never);
  expect(slots.free()).toBe(1);
  expect(freed()).toBe(1);
  work.finish();
  await waiting;
  expect(slots.free()).toBe(0);
});

test("who wants a slot back waits for one, in order, and before any new run", async () => {
  const { slots, start, end } = createWorld(2);
  const parents = [start(), start()];
  const works = parents.map(createWork);
  const back: number[] = [];
  const waits = parents.map((parent, index) =>
    parent.lendDuring(works[index]!.run, never).then(() => back.push(index)),
  );
  const children = [start(), start()];
  expect(slots.free()).toBe(0);
  works[1]!.finish();
  await settled();
  works[0]!.finish();
  await settled();
  expect(back).toEqual([]);
  end(children[0]!);
  await settled();
  expect(back).toEqual([1]);
  expect(slots.free()).toBeLessThanOrEqual(0);
  end(children[1]!);
  await Promise.all(waits);
  expect(back).toEqual([1, 0]);
  expect(slots.free()).toBe(0);
});

test("several waits of one run lend one slot, until the last is over", async () => {
  const { slots, start } = createWorld(3);
  const parent = start();
  const [first, second] = [createWork(), createWork()];
  const waits = [parent.lendDuring(first.run, never), parent.lendDuring(second.run, never)];
  expect(slots.free()).toBe(3);
  first.finish();
  await waits[0];
  expect(slots.free()).toBe(3);
  second.finish();
  await waits[1];
  expect(slots.free()).toBe(2);
});

test("a run that is stopped while it wants its slot back gives up and leaves nothing behind", async () => {
  const { slots, start, end } = createWorld(1);
  const parent = start();
  const stop = new AbortController();
  const work = createWork();
  const waiting = parent.lendDuring(work.run, stop.signal);
  const child = start();
  work.finish();
  await settled();
  stop.abort("interrupt");
  await expect(waiting).rejects.toBe("interrupt");
  end(parent);
  end(child);
  expect(slots.free()).toBe(1);
});

test("what the work throws comes through", async () => {
  const { slots, start } = createWorld(1);
  const failing = start().lendDuring(() => Promise.reject(new Error("gone")), never);
  await expect(failing).rejects.toThrow("gone");
  expect(slots.free()).toBe(0);
});
