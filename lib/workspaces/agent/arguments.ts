/** Arguments as a model sends them: checked by hand, since a schema library would double the agent's memory. Pure. */
import { ToolError } from "./tool-error";

type Arguments = Record<string, unknown>;

/** @throws ToolError naming the argument and what came instead. */
export function requireText(args: Arguments, name: string): string {
  const value = args[name];
  if (typeof value === "string") return value;
  throw new ToolError(`${name} must be text; received ${describe(value)}.`);
}

/** Undefined when absent or null. */
export function optionalText(args: Arguments, name: string): string | undefined {
  return args[name] === undefined || args[name] === null ? undefined : requireText(args, name);
}

/** A whole number of at least `minimum`; a number in text counts too. */
export function optionalCount(args: Arguments, name: string, minimum: number): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= minimum) return number;
  throw new ToolError(`${name} must be a whole number of at least ${minimum}; received ${describe(value)}.`);
}

/** `true`, `false`, or the words. */
export function optionalFlag(args: Arguments, name: string): boolean {
  const value = args[name];
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new ToolError(`${name} must be true or false; received ${describe(value)}.`);
}

const UNITS_MS: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
/** Nobody waits longer for one command; it goes on in the background. */
const MAX_DURATION_MS = 4 * 3_600_000;

/** `30s`, `5m`, `1h`, `500ms` or a number of seconds, at most four hours. @throws ToolError for zero and less. */
export function optionalDurationMs(args: Arguments, name: string): number | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m|h)?\s*$/.exec(String(value));
  const durationMs = match ? Number(match[1]) * (UNITS_MS[match[2] ?? "s"] ?? 0) : 0;
  if (durationMs > 0) return Math.min(durationMs, MAX_DURATION_MS);
  throw new ToolError(`${name} must be a duration above zero such as 30s, 5m or 1h; received ${describe(value)}.`);
}

/** A list of objects; models also send it as JSON text. */
export function requireObjects(args: Arguments, name: string): Arguments[] {
  const value = typeof args[name] === "string" ? parseJson(args[name]) : args[name];
  const isList = Array.isArray(value) && value.every((item) => typeof item === "object" && item !== null);
  if (isList && value.length > 0) return value as Arguments[];
  throw new ToolError(`${name} must be a list of at least one object; received ${describe(args[name])}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  return JSON.stringify(value).slice(0, 100);
}
