/** The tool that runs a shell command. Says what it is; the workspace agent does it. */
import { z } from "zod";
import { durationSchema } from "./duration";
import type { ToolDefinition } from "./tool";

export const execute = {
  name: "execute",
  description:
    "Runs a shell command with `sh -c` in the workspace. Gives output, exit code and duration; a non-zero exit code is a result, not a failure of the tool. " +
    "A command that is still running when `timeout` ends keeps running in the background, and its process id is returned: follow it with process_output. " +
    "Long output is shortened in the middle and kept whole in a file that the result names. There is no terminal: use non-interactive flags.",
  args: z.object({
    command: z.string().min(1).describe("The command line. It may span lines and use pipes."),
    timeout: durationSchema
      .optional()
      .describe('How long to wait for the command, "30s" or "10m" for example; 10s when left out, at most 4h.'),
    workdir: z.string().min(1).optional().describe("Where to run it; the workspace directory when left out."),
    run_in_background: z
      .boolean()
      .optional()
      .describe("Return at once with the process id. For servers, watchers and anything you will look at later."),
  }),
  effect: "effectful",
} as const satisfies ToolDefinition;
