/** What a person is asked when their agent goes round in circles: a call that no model made. Pure. */
import type { Questions } from "@/lib/contract/tools";
import { askUserQuestion } from "./tools/ask-user-question";
import type { ToolCall } from "./types";

/** @param id becomes unique when it is committed. */
export function createLoopQuestion(toolNames: readonly string[], id = "loop-question"): ToolCall {
  const args: Questions = {
    questions: [
      {
        header: "Going in circles",
        question: `I made the same calls of ${toolNames.join(", ")} again and again, and they gave the same results. How should I go on?`,
        options: [
          { label: "Try another way", description: "Leave this approach and find a different one." },
          { label: "Go on as before", description: "Something outside will change; the repetition is meant." },
          { label: "Stop and report", description: "End here and say what is done and what is in the way." },
        ],
      },
    ],
  };
  return { type: "tool-call", tool_call_id: id, tool_name: askUserQuestion.name, args };
}
