/** The tool that waits for a subagent. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const waitAgent = {
  name: "wait_agent",
  description:
    "Waits until a subagent has ended and gives its report. Wait for several by calling it several times in one step. " +
    "When the time is over it says what the subagent is doing, and the subagent goes on: wait again, or do something else meanwhile. " +
    "A subagent that failed, was interrupted or is stuck is an error: what it was asked for is not done.",
  args: z.object({
    chat_id: z.string().describe("The id that spawn_agent returned."),
    timeout_seconds: z.int().min(1).max(3_600).optional().describe("How long to wait at most; 300 when left out."),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
