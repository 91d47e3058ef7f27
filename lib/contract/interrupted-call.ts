/** What stands as the result of a call that was stopped, for the model and for the page. Loaded by browser and server. */

export const INTERRUPTED_RESULT =
  "The call was interrupted before it produced a result. It may have had effects: verify.";

const PRINTED = `${INTERRUPTED_RESULT}\n\nUntil then it had printed:\n`;

/** Four screens of a terminal: enough to see how far it came, and no burden on the prompt. */
export const MAX_KEPT_OUTPUT = 8_192;

/** The result of a stopped call, with the end of what it had printed. */
export function interruptedResult(output = ""): string {
  if (output.trim() === "") return INTERRUPTED_RESULT;
  return PRINTED + (output.length > MAX_KEPT_OUTPUT ? `…${output.slice(1 - MAX_KEPT_OUTPUT)}` : output);
}

/** What a stopped call had printed; undefined for every other result. */
export function readInterruptedResult(result: unknown): { output: string } | undefined {
  if (result === INTERRUPTED_RESULT) return { output: "" };
  return typeof result === "string" && result.startsWith(PRINTED)
    ? { output: result.slice(PRINTED.length) }
    : undefined;
}
