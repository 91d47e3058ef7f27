/** One random sequence against a subject and the reference model, equal after every operation. */
import { isDeepStrictEqual } from "node:util";
import { type Operation, type OperationName, randomOperation, type Subject, type View } from "./operations";
import { createRandom } from "./random";
import { ReferenceModel } from "./reference-model";

export type SequenceOptions = {
  seed: number;
  operations: number;
  createSubject: (chat: { isChild: boolean; first: string }) => Subject | Promise<Subject>;
  /** Hears every operation that was tried, with the status it met. */
  onOperation?: (met: { status: View["status"]; op: OperationName }) => void;
};

/** @throws Error with the operations so far and both views at the first difference. */
export async function runSequence({ seed, operations, createSubject, onOperation }: SequenceOptions): Promise<void> {
  const random = createRandom(seed);
  const chat = { isChild: random.chance(0.3), first: "m0" };
  const model = new ReferenceModel(chat.isChild, chat.first);
  const subject = await createSubject(chat);
  const done: Operation[] = [];
  for (let serial = 1; done.length < operations; serial++) {
    const operation = randomOperation(random, serial);
    if (!model.canHappen(operation)) continue;
    onOperation?.({ status: model.view().status, op: operation.op });
    done.push(operation);
    const expected = { outcome: model.apply(operation), view: model.view() };
    const actual = { outcome: await subject.apply(operation), view: await subject.view() };
    if (!isDeepStrictEqual(actual, expected)) throw new Error(describe({ seed, done, actual, expected }));
  }
}

function describe(difference: { seed: number; done: Operation[]; actual: unknown; expected: unknown }): string {
  const { seed, done, actual, expected } = difference;
  const steps = done.map((operation, index) => `${index + 1}. ${JSON.stringify(operation)}`).join("\n");
  return `Sequence ${seed} differs after operation ${done.length}.\n${steps}\nexpected ${JSON.stringify(expected, null, 1)}\nactual ${JSON.stringify(actual, null, 1)}`;
}
