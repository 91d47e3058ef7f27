/** Whether a turn goes round in circles: the same calls with the same results, again and again. Pure. */
import type { PromptMessage, ToolCall } from "./types";

/** Steps that may be the same before it counts as a circle. Five: a flaky command is tried again two or three times. */
const MAX_ROUNDS = 5;
/** Asking whether something has ended is not a circle until it has been asked for a very long time. */
const MAX_WAITING_ROUNDS = 200;
const WAITING_TOOLS: ReadonlySet<string> = new Set(["process_output", "wait_agent", "process_list", "list_agents"]);
/** A circle of this many steps is noticed. */
const MAX_PERIOD = 3;

/** Results are long: they are compared only where the calls are the same. */
type Step = { toolNames: string[]; calls: string; results: () => string };

/** The tools of the circle that the turn ends in, or null. Looks at what happened since the person's last message. */
export function findRepetition(messages: readonly PromptMessage[]): string[] | null {
  for (let period = 1; period <= MAX_PERIOD; period++) {
    const steps = lastSteps(messages, period * MAX_ROUNDS);
    const toolNames = repeated(steps, period, MAX_ROUNDS);
    if (!toolNames) continue;
    if (!toolNames.every((name) => WAITING_TOOLS.has(name))) return toolNames;
    const waited = lastSteps(messages, period * MAX_WAITING_ROUNDS);
    if (repeated(waited, period, MAX_WAITING_ROUNDS)) return toolNames;
  }
  return null;
}

function repeated(steps: Step[], period: number, rounds: number): string[] | null {
  if (steps.length < period * rounds) return null;
  const isAs = (of: (step: Step) => string) =>
    steps.every((step, index) => index < period || of(step) === of(steps[index - period] as Step));
  const isSame = isAs(({ calls }) => calls) && isAs(({ results }) => results());
  return isSame ? [...new Set(steps.slice(0, period).flatMap(({ toolNames }) => toolNames))] : null;
}

/** The newest steps of this turn, oldest first; each is an answer with calls and the results after it. */
function lastSteps(messages: readonly PromptMessage[], count: number): Step[] {
  const steps: Step[] = [];
  let results = new Map<string, unknown>();
  for (let index = messages.length - 1; index >= 0 && steps.length < count; index--) {
    const message = messages[index] as PromptMessage;
    if (message.role === "user") break;
    for (const part of message.parts) if (part.type === "tool-result") results.set(part.tool_call_id, part.result);
    if (message.role !== "assistant") continue;
    const calls = message.parts.filter((part): part is ToolCall => part.type === "tool-call");
    if (calls.length === 0) break;
    const told = results;
    steps.unshift({
      toolNames: calls.map((call) => call.tool_name),
      calls: JSON.stringify(calls.map((call) => [call.tool_name, call.args])),
      results: () =>
        JSON.stringify(
          calls.map((call) => told.get(call.tool_call_id) ?? null),
          withoutClock,
        ),
    });
    results = new Map();
  }
  return steps;
}

/** What differs from run to run although the same happened. */
const VOLATILE: ReadonlySet<string> = new Set(["wall_duration_ms", "duration_ms", "background_process_id"]);

const withoutClock = (key: string, value: unknown): unknown => (VOLATILE.has(key) ? undefined : value);
