/** The tool that reads a skill. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const readSkill = {
  name: "read_skill",
  description:
    "Reads a skill of the workspace: instructions for a kind of task, listed by name in your instructions. Without `path` it gives the skill itself and the names of its files; with `path` one of those files.",
  args: z.object({
    name: z.string().min(1).describe("As it is listed."),
    path: z.string().min(1).optional().describe("A file of the skill, relative to its folder."),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
