/** One random sequence against a subject and the reference model, equal after every operation. */
import { isDeepStrictEqual } from "node:util";
import { type Operation, type OperationName, randomOperation, type Subject, type View } from "./operations";
import { ProcessModel } from "./process-model";
import { createRandom } from "./random";
import { ReferenceModel } from "./reference-model";

export type FirstMessage = { isChild: boolean; first: string };

export type SequenceOptions = {
  seed: number;
  operations: number;
  /** A process with so many slots takes part, in each sequence fewer than this. */
  slotsBelow?: number;
  createSubject: (chat: FirstMessage & { slots: number | undefined }) => Subject | Promise<Subject>;
  /** Hears every operation that was tried, with the status it met. */
  onOperation?: (met: { status: View["status"]; op: OperationName }) => void;
};

/** @throws Error with the operations so far and both views at the first difference. */
export async function runSequence({ seed, operations, slotsBelow, ...options }: SequenceOptions): Promise<void> {
  const random = createRandom(seed);
  const chat = { isChild: random.chance(0.3), first: "m0" };
  const slots = slotsBelow === undefined ? undefined : random.below(slotsBelow);
  const reference = new ReferenceModel(chat.isChild, chat.first);
  const model = slots === undefined ? reference : new ProcessModel(reference, slots);
  const subject = await options.createSubject({ ...chat, slots });
  const done: Operation[] = [];
  for (let serial = 1; done.length < operations; serial++) {
    const operation = randomOperation(random, serial, slots !== undefined);
    if (!model.canHappen(operation)) continue;
    options.onOperation?.({ status: model.view().status, op: operation.op });
    done.push(operation);
    const expected = { outcome: model.apply(operation), view: model.view() };
    const actual = await act(subject, operation);
    if (!isDeepStrictEqual(actual, expected)) throw new Error(describe({ seed, done, actual, expected }));
  }
  await subject.close?.();
}

/** A throw is a difference too: the operations that led to it are worth as much. */
async function act(subject: Subject, operation: Operation): Promise<unknown> {
  try {
    return { outcome: await subject.apply(operation), view: await subject.view() };
  } catch (error) {
    return { thrown: error instanceof Error ? error.stack : error };
  }
}

function describe(difference: { seed: number; done: Operation[]; actual: unknown; expected: unknown }): string {
  const { seed, done, actual, expected } = difference;
  const steps = done.map((operation, index) => `${index + 1}. ${JSON.stringify(operation)}`).join("\n");
  return `Sequence ${seed} differs after operation ${done.length}.\n${steps}\nexpected ${JSON.stringify(expected, null, 1)}\nactual ${JSON.stringify(actual, null, 1)}`;
}
