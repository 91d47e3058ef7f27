/** The tool that makes the chat's workspace. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const createWorkspaceTool = {
  name: "create_workspace",
  description:
    "Makes this chat's workspace and waits until it is ready. Only needed to choose what it starts from: the first tool that needs a workspace makes one by itself. " +
    "A chat has one workspace: if there is one already, that one is returned.",
  args: z.object({
    template_id: z.uuid().optional().describe("From list_templates."),
    repository: z.string().trim().min(1).max(2_048).optional().describe("The address of a git repository to clone."),
    branch: z.string().trim().min(1).max(255).optional(),
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/i, "1 to 63 letters, digits and hyphens.")
      .optional(),
  }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
