import type { Message, ToolCallPart } from "@/lib/contract/messages";

/** What a person gives for a call that waits for them. */
export type ToolAnswer = { toolCallId: string; output: unknown; isError?: boolean };

/** Tools that pause the agent until a person answers. */
const ASKING_TOOLS: ReadonlySet<string> = new Set(["ask_user_question", "propose_plan"]);

/** The calls of the newest answer that wait for a person, in call order. */
export function findAskingCalls(messages: readonly Message[]): ToolCallPart[] {
  const index = messages.findLastIndex((message) => message.role === "assistant");
  const answered = new Set(
    messages
      .slice(index + 1)
      .flatMap((message) =>
        message.content.flatMap((part) => (part.type === "tool-result" ? [part.tool_call_id] : [])),
      ),
  );
  return (messages[index]?.content ?? []).filter(
    (part): part is ToolCallPart =>
      part.type === "tool-call" && ASKING_TOOLS.has(part.tool_name) && !answered.has(part.tool_call_id),
  );
}

/** Answers that were given so far, with one more; complete when every call that asks has one. */
export function collectAnswers(
  given: readonly ToolAnswer[],
  answer: ToolAnswer,
  asking: readonly ToolCallPart[],
): { answers: ToolAnswer[]; isComplete: boolean } {
  const ids = new Set(asking.map((call) => call.tool_call_id));
  const kept = given.filter(({ toolCallId }) => toolCallId !== answer.toolCallId && ids.has(toolCallId));
  const answers = [...kept, answer];
  return { answers, isComplete: [...ids].every((id) => answers.some(({ toolCallId }) => toolCallId === id)) };
}
