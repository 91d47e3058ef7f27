/** The tool that stops a subagent. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const interruptAgent = {
  name: "interrupt_agent",
  description:
    "Stops a subagent; what it wrote and changed so far stays. message_agent gives it something to do again. One that has ended stays as it is.",
  args: z.object({ chat_id: z.string().describe("The id that spawn_agent returned.") }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
