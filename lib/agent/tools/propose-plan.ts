/** The tool that shows the person a plan. Says what it is; the loop pauses the chat for it until the plan is decided on. */
import { planSchema } from "@/lib/contract/tools";
import type { ToolDefinition } from "./tool";

export const proposePlan = {
  name: "propose_plan",
  description:
    "Shows the person a plan and waits for their decision. For plan mode, and for when they asked to see a plan first. " +
    "The result says whether it is approved, with feedback if they gave any. Approved: plan mode is over, carry the plan out. " +
    "Not approved: change the plan as the feedback says and propose it again.",
  args: planSchema,
  effect: "idempotent",
  pauses: "plan",
} as const satisfies ToolDefinition;
