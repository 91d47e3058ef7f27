/** The tool that writes a whole file. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const writeFile = {
  name: "write_file",
  description:
    "Writes a file with exactly this content, creating it and its directories or replacing what was there. To change a part of a file use edit_files.",
  args: z.object({
    path: z.string().min(1).describe("Relative to the workspace directory, or absolute inside it."),
    content: z.string().describe("The whole content of the file."),
  }),
  effect: "idempotent",
} as const satisfies ToolDefinition;
