/** The tool that stops a process. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const processSignal = {
  name: "process_signal",
  description: "Stops a command that execute started, with everything it started in turn.",
  args: z.object({
    process_id: z.string().min(1).describe("The id that execute or process_list returned."),
    signal: z.enum(["terminate", "kill"]).describe('"terminate" asks it to end; "kill" ends it at once.'),
  }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
