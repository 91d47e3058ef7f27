/** The tool that starts the chat's workspace. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const startWorkspaceTool = {
  name: "start_workspace",
  description:
    "Starts this chat's workspace if it is stopped, and waits until it is ready. Its files are as they were.",
  args: z.object({}),
  effect: "idempotent",
} as const satisfies ToolDefinition;
