/** The tool that searches in files. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const searchFiles = {
  name: "search_files",
  description:
    "Finds lines that match a regular expression (POSIX extended) in the workspace's text files, ignored files left out. Gives `path:line:text` of each.",
  args: z.object({
    pattern: z.string().min(1).max(1_000),
    path: z.string().min(1).optional().describe("A file or directory; the whole workspace when left out."),
    glob: z.string().min(1).optional().describe('Only files whose path matches, "*.ts" for example.'),
    ignore_case: z.boolean().optional(),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
