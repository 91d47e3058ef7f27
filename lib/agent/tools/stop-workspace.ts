/** The tool that stops the chat's workspace. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const stopWorkspaceTool = {
  name: "stop_workspace",
  description:
    "Stops this chat's workspace with everything that runs in it, subagents' commands too; files stay. The next tool that needs it starts it again.",
  args: z.object({}),
  effect: "idempotent",
} as const satisfies ToolDefinition;
