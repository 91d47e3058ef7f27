/** The tool that lists subagents. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const listAgents = {
  name: "list_agents",
  description: "Lists your subagents, newest first: chat_id, title, status, what each does now, and its deadline.",
  args: z.object({ limit: z.int().min(1).max(50).optional().describe("How many at most; 10 when left out.") }),
  effect: "pure",
} as const satisfies ToolDefinition;
