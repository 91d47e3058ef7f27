/**
 * Marks around I/O where a test may kill, fail or hold up the process. Nothing in the product arms one: the hook is a
 * global that only a module loaded before the entry program can set. Does no I/O itself.
 */

/** Runs before and after the work; `mark` is the failpoint's name, followed by `.` and its kind when it has one. */
export type FailpointHook = <T>(mark: string, work: () => T) => T;

const HOOK = Symbol.for("slipway.failpoint");

const place = globalThis as { [HOOK]?: FailpointHook };

/**
 * Does the work. `name` is a literal, unique in the source and found there by `tests/chaos/failpoints.test.ts`; `kind` tells
 * apart what passes through one place.
 */
export function failpoint<T>(name: string, work: () => T, kind?: string): T {
  const hook = place[HOOK];
  if (hook === undefined) return work();
  return hook(kind === undefined ? name : `${name}.${kind}`, work);
}
