/** What a tool is, and the port that runs tools by name. Checks names and arguments; the tools do the work. */
import { z } from "zod";
import type { PauseReason } from "@/lib/contract/chats";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import type { ToolCall, ToolPort, ToolRunOptions, ToolSpec } from "../types";
import { decodeArgs } from "./decode-args";

/**
 * What doing a call twice would mean. `pure`: nothing. `idempotent`: the same as once. `effectful`: damage, so that
 * a call which may have run is never repeated.
 */
export const TOOL_EFFECTS = ["pure", "idempotent", "effectful"] as const;
export type ToolEffect = (typeof TOOL_EFFECTS)[number];

/** What the model is told of a tool, and what a second call of it would mean. */
export type ToolDefinition<Name extends string = string> = {
  name: Name;
  description: string;
  args: z.ZodObject;
  /** What the model is shown instead of `args`: JSON Schema that somebody else wrote. */
  inputSchema?: Record<string, unknown>;
  effect: ToolEffect;
  /** The result comes from outside: the chat pauses for it. */
  pauses?: PauseReason;
};

export type ToolRun = {
  call: ToolCall;
  /** The call's, checked and with defaults. */
  args: Record<string, unknown>;
  options: ToolRunOptions;
};

export type Tool = ToolDefinition & {
  run(run: ToolRun): Promise<ToolOutcome>;
};

/** Tools by name. Specs are made once and sorted, so that every prompt of a turn starts the same. */
export function createToolPort(tools: readonly Tool[]): ToolPort {
  const sorted = [...tools].sort((a, b) => (a.name < b.name ? -1 : 1));
  const byName = new Map(sorted.map((tool) => [tool.name, { tool, spec: toolSpec(tool) }]));
  const specs = [...byName.values()].map(({ spec }) => spec);
  return {
    specs: () => specs,
    run: async (call, options) => {
      const known = byName.get(call.tool_name);
      if (!known) return errorOutcome(unknownTool(call.tool_name, [...byName.keys()]));
      const { tool } = known;
      if (typeof call.args === "string") return errorOutcome(cutArgs(tool.name, call.args));
      const parsed = parseArgs(known, call);
      if (!parsed.success) return errorOutcome(badArgs(tool.name, parsed.error));
      return tool.run({ call, args: parsed.data, options });
    },
    pauseFor: (call) => {
      const known = byName.get(call.tool_name);
      if (!known?.tool.pauses || typeof call.args === "string") return null;
      return parseArgs(known, call).success ? known.tool.pauses : null;
    },
  };
}

const parseArgs = ({ tool, spec }: { tool: Tool; spec: ToolSpec }, call: ToolCall) =>
  tool.args.safeParse(decodeArgs(call.args, spec.inputSchema));

/** A result that tells the model what went wrong. */
export const errorOutcome = (result: string): ToolOutcome => ({ result, is_error: true });

/** The result of a call that may have run before and must not run twice. */
export const outcomeUnknown = (reason: string): ToolOutcome =>
  errorOutcome(
    `Outcome unknown: the call may or may not have run (${reason}). Verify what it left behind before you do it again.`,
  );

/** By argument schema: JSON Schema of all tools costs a millisecond, and every turn needs it. */
const inputSchemas = new WeakMap<z.ZodObject, Record<string, unknown>>();

function toolSpec({ name, description, args, inputSchema: given }: ToolDefinition): ToolSpec {
  if (given) return { name, description, inputSchema: given };
  let inputSchema = inputSchemas.get(args);
  if (!inputSchema) {
    const { $schema: _, ...schema } = z.toJSONSchema(args, { io: "input" });
    inputSchema = schema;
    inputSchemas.set(args, inputSchema);
  }
  return { name, description, inputSchema };
}

const unknownTool = (name: string, names: string[]): string =>
  `There is no tool named "${name}". Nothing was run. The tools are: ${names.join(", ")}.`;

/** Enough to see where it broke. */
const SHOWN_ARGS_CHARACTERS = 200;

const cutArgs = (name: string, raw: string): string =>
  `The arguments of ${name} are not valid JSON; they may have been cut off because the answer was too long. Nothing was run. ` +
  `Call it again with a complete JSON object, in smaller pieces if it was long. Received: ${raw.slice(0, SHOWN_ARGS_CHARACTERS)}`;

function badArgs(name: string, { issues }: z.ZodError): string {
  const problems = issues.map(({ path, message }) => `${path.join(".") || "arguments"}: ${message}`);
  return `The arguments of ${name} are not right. Nothing was run. ${problems.join("; ")}. Correct them and call it again.`;
}
