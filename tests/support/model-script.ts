/** Scripts: which reply a request gets. A script looks at the request alone, so that many chats can share one. */
import { type Reply, reply } from "./model-reply";
import type { ModelServerRequest } from "./model-request";

export type Script = Reply | ((request: ModelServerRequest) => Reply | Script | Promise<Reply | Script>);

/** The reply to a request; functions may return further scripts. */
export async function resolveScript(script: Script, request: ModelServerRequest): Promise<Reply> {
  let current: Script = script;
  while (typeof current === "function") current = await current(request);
  return current;
}

/** One script a step of the turn; the last goes on for ever. A retried step gets the same again. */
export function byStep(steps: readonly Script[]): Script {
  return ({ step }) => steps[Math.min(step, steps.length - 1)] ?? reply.text("Done.");
}

/** One script a request, whatever it asks, in order of arrival: for retries. The last goes on for ever. */
export function inOrder(scripts: readonly Script[]): Script {
  let next = 0;
  return () => scripts[Math.min(next++, scripts.length - 1)] ?? reply.text("Done.");
}

/** The first script whose pattern the turn's first message matches. */
export function byPrompt(rules: readonly (readonly [pattern: RegExp, script: Script])[], otherwise: Script): Script {
  return ({ prompt }) => rules.find(([pattern]) => pattern.test(prompt))?.[1] ?? otherwise;
}
