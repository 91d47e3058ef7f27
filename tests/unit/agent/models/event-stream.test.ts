/** Our streams beside the platform's: the same values in the same order, the same end, the same cancellation. */
import { describe, expect, test } from "vitest";
import { createEventStream, type EventStream, type EventTransformer } from "@/lib/agent/models/event-stream";

/** What a test does with a stream, whichever it is. */
type Readable<T> = {
  getReader(): { read(): Promise<{ done: boolean; value?: T | undefined }>; cancel(reason?: unknown): Promise<void> };
  cancel(reason?: unknown): Promise<void>;
  tee(): [Readable<T>, Readable<T>];
  pipeThrough<O>(transform: object): Readable<O>;
};
type Source = {
  pull(controller: { enqueue(value: number): void; close(): void }): unknown;
  cancel?(reason: unknown): unknown;
};
type Transformer = EventTransformer<number, number>;

const atOnce = <T>(stream: EventStream<T>): Readable<T> => ({
  getReader() {
    const reader = stream.getReader();
    return { read: async () => reader.readNow() ?? reader.read(), cancel: reader.cancel };
  },
  cancel: stream.cancel,
  tee: () => stream.tee().map(atOnce) as [Readable<T>, Readable<T>],
  pipeThrough: <O>(transform: object) => atOnce(stream.pipeThrough(transform as EventTransformer<T, O>)),
});

const KINDS = {
  ours: {
    open: (source: Source) => createEventStream<number>(source) as unknown as Readable<number>,
    transform: (transformer: Transformer): object => transformer,
  },
  "ours, where nothing is waited for that is there": {
    open: (source: Source) => atOnce(createEventStream<number>(source)),
    transform: (transformer: Transformer): object => transformer,
  },
  "the platform's": {
    open: (source: Source) =>
      new ReadableStream<number>(source as UnderlyingDefaultSource<number>) as unknown as Readable<number>,
    transform: (transformer: Transformer): object => new TransformStream(transformer as never),
  },
};

/** Values, then the end; a failure is told by its message. */
async function readAll(stream: Readable<number>): Promise<unknown[]> {
  const reader = stream.getReader();
  const read: unknown[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      read.push(done ? "end" : value);
      if (done) return read;
    }
  } catch (error) {
    return [...read, (error as Error).message];
  }
}

/** These values one by one, each after a moment or at once, then the end or the failure. */
function counting(values: number[], { late = false, failure }: { late?: boolean; failure?: string } = {}): Source {
  let next = 0;
  const give = (controller: Parameters<Source["pull"]>[0]) => {
    if (next < values.length) return controller.enqueue(values[next++] as number);
    if (failure) throw new Error(failure);
    controller.close();
  };
  return { pull: (controller) => (late ? Promise.resolve().then(() => give(controller)) : give(controller)) };
}

const doubled: Transformer = {
  start: (controller) => controller.enqueue(0),
  transform: (value, controller) => {
    if (value < 0) throw new Error("negative");
    if (value === 0) return;
    controller.enqueue(value);
    controller.enqueue(value * 2);
  },
  flush: (controller) => controller.enqueue(99),
};

describe.each(Object.entries(KINDS))("%s", (_, { open, transform }) => {
  test.each([true, false])("values come in order, then the end or the failure (late: %s)", async (late) => {
    expect(await readAll(open(counting([1, 2, 3], { late })))).toEqual([1, 2, 3, "end"]);
    expect(await readAll(open(counting([], { late })))).toEqual(["end"]);
    expect(await readAll(open(counting([1], { late, failure: "broken" })))).toEqual([1, "broken"]);
  });

  test("a transformer begins, makes none, one or many of each, and ends", async () => {
    const stream = open(counting([1, 0, 2]))
      .pipeThrough<number>(transform(doubled))
      .pipeThrough<number>(transform(doubled));
    expect(await readAll(stream)).toEqual([0, 1, 2, 2, 4, 2, 4, 4, 8, 99, 198, 99, "end"]);
  });

  test("a transformer that throws fails the stream and cancels its source", async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const source = { ...counting([1, -1, 2]), cancel: cancelled.resolve };
    expect((await readAll(open(source).pipeThrough(transform(doubled)))).at(-1)).toBe("negative");
    expect(((await cancelled.promise) as Error).message).toBe("negative");
  });

  test("a failure of the source goes through transformers and both branches", async () => {
    const piped = open(counting([1], { failure: "broken" })).pipeThrough<number>(transform(doubled));
    expect((await readAll(piped)).at(-1)).toBe("broken");
    const branches = open(counting([1], { failure: "broken" })).tee();
    expect(await Promise.all(branches.map(readAll))).toEqual([
      [1, "broken"],
      [1, "broken"],
    ]);
  });

  test("two branches hold the same, however they are read", async () => {
    const [first, second] = open(counting([1, 2, 3], { late: true })).tee();
    expect(await Promise.all([readAll(first), readAll(second)])).toEqual([
      [1, 2, 3, "end"],
      [1, 2, 3, "end"],
    ]);
    const [early, late] = open(counting([1, 2, 3])).tee();
    expect(await readAll(early)).toEqual([1, 2, 3, "end"]);
    expect(await readAll(late)).toEqual([1, 2, 3, "end"]);
  });

  test("one branch goes on when the other is cancelled, and the source hears of the second", async () => {
    let cancelled = 0;
    const source = { ...counting([1, 2, 3], { late: true }), cancel: () => void cancelled++ };
    const [first, second] = open(source).tee();
    const [reader, other] = [first.getReader(), second.getReader()];
    expect((await reader.read()).value).toBe(1);
    const given = reader.cancel();
    expect((await other.read()).value).toBe(1);
    expect((await other.read()).value).toBe(2);
    expect(cancelled).toBe(0);
    await Promise.all([given, other.cancel()]);
    expect(cancelled).toBe(1);
  });

  test("whoever waits is told of a cancellation, and nothing comes after it", async () => {
    const waiting = Promise.withResolvers<void>();
    let reason: unknown;
    const source: Source = {
      pull: async (controller) => {
        await waiting.promise;
        controller.close();
      },
      cancel: (given) => {
        reason = given;
        waiting.resolve();
      },
    };
    const reader = open(source)
      .pipeThrough<number>(transform({ transform: doubled.transform }))
      .getReader();
    const read = reader.read();
    await reader.cancel("enough");
    expect(await read).toEqual({ done: true, value: undefined });
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    expect(reason).toBe("enough");
  });
});

test("ours leads to the platform's through one of its transforms", async () => {
  const stream = createEventStream<number>(counting([1, 2])).pipeThrough(new TransformStream<number, number>());
  expect(await Array.fromAsync(stream)).toEqual([1, 2]);
});
