/** The tool that starts a subagent. Says what it is; the daemon does it. */
import { z } from "zod";
import { REASONING_EFFORTS } from "@/lib/contract/message-choices";
import type { ToolDefinition } from "./tool";

export const spawnAgent = {
  name: "spawn_agent",
  description:
    "Starts a subagent: an agent with a context of its own that works in this same workspace while you go on, and ends with a report. " +
    "Returns at once with its chat_id; get the report with wait_agent. " +
    "Worth it for work that is separate from yours: parts that can be done at the same time, or a search whose details you do not need. " +
    "Do what takes a few steps yourself. Agents that change the same files get in each other's way.",
  args: z.object({
    type: z
      .enum(["general", "explore"])
      .describe('"general" can do what you can; "explore" only reads and searches the workspace\'s files.'),
    prompt: z
      .string()
      .trim()
      .min(1)
      .max(100_000)
      .describe("The whole task. It sees nothing of this chat: give paths, facts, limits, and what to report."),
    title: z.string().trim().min(1).max(80).optional().describe("A few words that people see in their list."),
    model_config_id: z.string().optional().describe("Another model; yours when left out."),
    reasoning_effort: z.enum(REASONING_EFFORTS).optional().describe("Yours when left out."),
    deadline_minutes: z
      .int()
      .min(1)
      .max(1_440)
      .optional()
      .describe("After this many minutes it is reported as stuck; 30 when left out."),
  }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
