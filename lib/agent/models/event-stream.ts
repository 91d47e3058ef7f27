/**
 * The part of web streams that the provider packages use to read an answer, for one process and one reader: what is
 * there is handed on at once, without a promise for each token and stage (`lib/server/sdk-patch.mjs`). Pulls only when it
 * is read. Does no I/O.
 */

export type EventController<T> = {
  enqueue(value: T): void;
  close(): void;
  /** After what was enqueued before. */
  error(reason: unknown): void;
};

export type EventSource<T> = {
  start?(controller: EventController<T>): void;
  /** Asked when nothing waits, again and again until something does or the stream has ended. A throw ends it. */
  pull(controller: EventController<T>): unknown;
  cancel?(reason: unknown): unknown;
};

export type EventTransformer<I, O> = {
  start?(controller: EventController<O>): void;
  transform(value: I, controller: EventController<O>): unknown;
  flush?(controller: EventController<O>): unknown;
};

type Taken<T> = { done: false; value: T } | { done: true; value: undefined };

export type EventReader<T> = {
  read(): Promise<Taken<T>>;
  /** What is there already; undefined: it has to be waited for. Throws where `read` rejects. */
  readNow(): Taken<T> | undefined;
  /** Whoever reads then is told that it is over. */
  cancel(reason?: unknown): Promise<void>;
  /** Nothing is locked. */
  releaseLock(): void;
};

export type EventStream<T> = {
  getReader(): EventReader<T>;
  cancel(reason?: unknown): Promise<void>;
  /** A transformer, or one of the platform's streams, which leads to one of those. */
  pipeThrough<O>(transformer: EventTransformer<T, O>): EventStream<O>;
  pipeThrough<O>(transform: TransformStream<T, O>): ReadableStream<O>;
  /** The source is cancelled once both are. */
  tee(): [EventStream<T>, EventStream<T>];
  [Symbol.asyncIterator](): AsyncIterator<T>;
};

const DONE = { done: true, value: undefined } as const;

type Inlet<T> = {
  /** What waits; undefined: nothing yet. @throws the reason of a stream that failed, after what came before. */
  take(): Taken<T> | undefined;
  /** Asks the source; a promise when it has to be waited for. */
  fill(): unknown;
  cancel(reason?: unknown): Promise<void>;
};

export function createEventStream<T>(source: EventSource<T>): EventStream<T> {
  const inlet = createInlet(source);

  function readNow(): Taken<T> | undefined {
    for (;;) {
      const taken = inlet.take();
      if (taken || isPromise(inlet.fill())) return taken;
    }
  }
  async function read(): Promise<Taken<T>> {
    for (;;) {
      const taken = readNow();
      if (taken) return taken;
      await inlet.fill();
    }
  }
  const { cancel } = inlet;
  const pipeThrough = <O>(given: EventTransformer<T, O> | TransformStream<T, O>) =>
    given instanceof TransformStream
      ? new ReadableStream<T>(toUnderlyingSource(read, cancel)).pipeThrough(given)
      : createEventStream(transformed(inlet, given));

  return {
    getReader: () => ({ read, readNow, cancel, releaseLock: () => {} }),
    cancel,
    pipeThrough: pipeThrough as EventStream<T>["pipeThrough"],
    tee: () => tee(inlet),
    [Symbol.asyncIterator]: () => ({
      next: read,
      return: async () => {
        await cancel();
        return DONE;
      },
    }),
  };
}

function createInlet<T>(source: EventSource<T>): Inlet<T> {
  let waiting: T[] = [];
  let taken = 0;
  let end: { reason: unknown } | "closed" | undefined;
  /** One at a time, whoever asks. */
  let filling: Promise<void> | undefined;

  const controller: EventController<T> = {
    enqueue(value) {
      if (!end) waiting.push(value);
    },
    close() {
      end ??= "closed";
    },
    error(reason) {
      end ??= { reason };
    },
  };
  source.start?.(controller);

  return {
    take() {
      if (taken < waiting.length) {
        const value = waiting[taken] as T;
        taken += 1;
        if (taken === waiting.length) [waiting, taken] = [[], 0];
        return { done: false, value };
      }
      if (!end) return undefined;
      if (end === "closed") return DONE;
      throw end.reason;
    },
    fill() {
      if (filling) return filling;
      try {
        const pulled = source.pull(controller);
        if (!isPromise(pulled)) return undefined;
        filling = pulled
          .then(() => {}, controller.error)
          .finally(() => {
            filling = undefined;
          });
        return filling;
      } catch (error) {
        return controller.error(error);
      }
    },
    async cancel(reason) {
      const isOver = end !== undefined;
      end = "closed";
      [waiting, taken] = [[], 0];
      if (!isOver) await source.cancel?.(reason);
    },
  };
}

function transformed<I, O>(from: Inlet<I>, transformer: EventTransformer<I, O>): EventSource<O> {
  const step = (taken: Taken<I>, controller: EventController<O>): unknown => {
    if (!taken.done) return transformer.transform(taken.value, controller);
    const flushed = transformer.flush?.(controller);
    return isPromise(flushed) ? flushed.then(controller.close) : controller.close();
  };
  /** What the transformer refuses nobody needs the rest of. */
  const failing = (error: unknown): never => {
    from.cancel(error).catch(() => {});
    throw error;
  };
  return {
    ...(transformer.start && { start: transformer.start.bind(transformer) }),
    pull(controller) {
      try {
        const taken = from.take();
        const stepped = taken ? step(taken, controller) : from.fill();
        return isPromise(stepped) ? stepped.catch(failing) : stepped;
      } catch (error) {
        return failing(error);
      }
    },
    cancel: from.cancel,
  };
}

function tee<T>(from: Inlet<T>): [EventStream<T>, EventStream<T>] {
  const controllers: EventController<T>[] = [];
  const reasons: unknown[] = [];
  const tellBoth = (tell: (controller: EventController<T>) => void) => controllers.forEach(tell);
  const pull = () => {
    try {
      const taken = from.take();
      if (!taken) return from.fill();
      tellBoth((controller) => (taken.done ? controller.close() : controller.enqueue(taken.value)));
    } catch (error) {
      tellBoth((controller) => controller.error(error));
    }
    return undefined;
  };
  const branch = () =>
    createEventStream<T>({
      start: (controller) => void controllers.push(controller),
      pull,
      async cancel(reason) {
        reasons.push(reason);
        if (reasons.length === 2) await from.cancel(reason);
      },
    });
  return [branch(), branch()];
}

const toUnderlyingSource = <T>(
  read: () => Promise<Taken<T>>,
  cancel: (reason: unknown) => Promise<void>,
): UnderlyingDefaultSource<T> => ({
  async pull(controller) {
    const { done, value } = await read();
    if (done) controller.close();
    else controller.enqueue(value);
  },
  cancel,
});

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
