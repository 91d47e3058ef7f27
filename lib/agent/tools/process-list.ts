/** The tool that lists this chat's processes. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const processList = {
  name: "process_list",
  description: "Lists the commands that this chat started: process id, command, whether it still runs, and exit code.",
  args: z.object({}),
  effect: "pure",
} as const satisfies ToolDefinition;
