/** The tool that replaces text in files. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const editFiles = {
  name: "edit_files",
  description:
    "Replaces text in one or more files. All edits are checked before any is made: either all are applied or none. Gives a diff per file.",
  args: z.object({
    edits: z
      .array(
        z.object({
          path: z.string().min(1).describe("Relative to the workspace directory, or absolute inside it."),
          old_text: z
            .string()
            .min(1)
            .describe("The text to replace, exactly as it is in the file. It must occur once, unless `replace_all`."),
          new_text: z.string().describe("What stands there instead; empty to delete."),
          replace_all: z.boolean().optional().describe("Replace every occurrence."),
        }),
      )
      .min(1)
      .max(200),
  }),
  effect: "effectful",
} as const satisfies ToolDefinition;
