/** The tool that sends a subagent a message. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const messageAgent = {
  name: "message_agent",
  description:
    "Sends a subagent a message: a correction while it works, or another task when it has ended, which it starts with everything it knows. " +
    "While it works the message waits for its turn to end; `interrupt` stops the turn and gives it the message at once.",
  args: z.object({
    chat_id: z.string().describe("The id that spawn_agent returned."),
    message: z.string().trim().min(1).max(100_000),
    interrupt: z.boolean().optional().describe("Stop what it does now."),
  }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
