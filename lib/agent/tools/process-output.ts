/** The tool that reads what a process printed. Says what it is; the workspace agent does it. */
import { z } from "zod";
import { durationSchema } from "./duration";
import type { ToolDefinition } from "./tool";

export const processOutput = {
  name: "process_output",
  description:
    "Gives the output so far of a command that execute started, whether it still runs, and its exit code once it has ended. Long output is shortened in the middle.",
  args: z.object({
    process_id: z.string().min(1).describe("The id that execute or process_list returned."),
    wait_timeout: durationSchema
      .optional()
      .describe('Wait up to this long for the process to end, "30s" for example; does not wait when left out.'),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
