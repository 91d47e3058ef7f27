/** Tools whose results come from outside: the person's answers, and what the caller of the API does itself. Runs nothing. */
import { z } from "zod";
import type { CallerTool } from "@/lib/contract/tools";
import { askUserQuestion } from "./ask-user-question";
import { proposePlan } from "./propose-plan";
import { errorOutcome, type Tool, type ToolDefinition } from "./tool";

const refuse = (name: string) => async () =>
  errorOutcome(
    `${name} cannot wait beside the other calls of this step, so nothing was asked. Call it in a step of its own.`,
  );

const pausing = (definition: ToolDefinition): Tool => ({ ...definition, run: refuse(definition.name) });

/** Questions and plans, for chats that a person talks to. */
export const createPersonTools = (): Tool[] => [pausing(askUserQuestion), pausing(proposePlan)];

const anyArgs = z.looseObject({});

/** The tools that came with the chat: the model sees their schemas, the caller checks the arguments. */
export const createCallerTools = (tools: readonly CallerTool[]): Tool[] =>
  tools.map(({ name, description, input_schema: inputSchema }) =>
    pausing({ name, description, args: anyArgs, inputSchema, effect: "idempotent", pauses: "tool_results" }),
  );
