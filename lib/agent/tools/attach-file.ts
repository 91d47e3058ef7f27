/** The tool that gives the person a file. Says what it is; the daemon does it. */
import { z } from "zod";
import type { ToolDefinition } from "./tool";

export const attachFile = {
  name: "attach_file",
  description:
    "Puts a file of the workspace into the chat, where the person sees or downloads it: a report, a picture, a build. " +
    "They cannot reach the workspace's files otherwise. It is a copy of now; at most 10 MiB, so pack or split what is larger. " +
    "Not for changes to the repository, which are shown anyway.",
  args: z.object({
    path: z.string().min(1).describe("Relative to the workspace directory, or absolute inside it."),
    name: z
      .string()
      .trim()
      .min(1)
      .max(255)
      .optional()
      .describe("The name that the person sees; the file's own when left out."),
  }),
  // The outcome is written in the transaction of the effect.
  effect: "idempotent",
} as const satisfies ToolDefinition;
