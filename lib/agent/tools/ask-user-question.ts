/** The tool that asks the person. Says what it is; the loop pauses the chat for it, and the person's answer is its result. */
import { questionsSchema } from "@/lib/contract/tools";
import type { ToolDefinition } from "./tool";

export const askUserQuestion = {
  name: "ask_user_question",
  description:
    "Asks the person one to four questions with two to four options each, and waits for the answers, which may be their own words. " +
    "Ask only what you cannot find out yourself and what changes the work; put the option you recommend first. " +
    "The work stops until they answer, which may take hours. A result of answered_by_message means that the person wrote a message instead.",
  args: questionsSchema,
  effect: "idempotent",
  pauses: "question",
} as const satisfies ToolDefinition;
