/** The tool that reads a file. Says what it is; the workspace agent does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const readFile = {
  name: "read_file",
  description:
    "Reads a text file and gives its lines with their numbers. Give `offset` and `limit` to read a part of a long file; what does not fit is refused with the sizes, never cut in silence.",
  args: z.object({
    path: z.string().min(1).describe("Relative to the workspace directory, or absolute inside it."),
    offset: z.int().min(1).optional().describe("The first line to read, from 1."),
    limit: z.int().min(1).optional().describe("How many lines to read."),
  }),
  effect: "pure",
} as const satisfies ToolDefinition;
