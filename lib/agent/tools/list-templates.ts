/** The tool that lists what workspaces are made from. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const listTemplatesTool = {
  name: "list_templates",
  description:
    "Lists what a workspace can be made from: template_id, name, description, repository. The first is used unless another is named.",
  args: z.object({}),
  effect: "pure",
} as const satisfies ToolDefinition;
