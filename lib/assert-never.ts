/** The end of every exhaustive switch. Throws; it must never be reached by typed code. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
