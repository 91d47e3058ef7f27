/** The tool that lists files. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const listFiles = {
  name: "list_files",
  description: "Lists the workspace's files, ignored ones left out, as paths relative to the workspace directory.",
  args: z.object({
    path: z.string().min(1).optional().describe("A directory; the whole workspace when left out."),
    pattern: z.string().min(1).optional().describe('A glob, "*.ts" or "src/**/index.*" for example.'),
    limit: z.int().min(1).optional().describe("How many at most; 200 when left out."),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
