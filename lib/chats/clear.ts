/** A person clears the context: the model knows nothing of what was before, people still see all of it. */
import { hasPromptToClear } from "@/db/queries/chat-history";
import { ApiError } from "@/lib/contract/errors";
import { failOpenCalls } from "./open-calls";
import { type ChatWriter, transition } from "./transition";

/** The name of the visible pair beside the boundary. */
const CLEARED_TOOL = "chat_cleared";

const CLEARED_TEXT =
  "[The person cleared the conversation before this point. Nothing of it is known any more; the files of the workspace are as they were left.]";

/** @throws ApiError `not_found`, `conflict` while the chat is busy or when there is nothing to clear. */
export async function clearChat(
  writer: ChatWriter,
  { chatId, ownerId }: { chatId: string; ownerId: string },
): Promise<void> {
  await transition(writer, {
    chatId,
    ownerId,
    event: "clear",
    write: async (change) => {
      if (!(await hasPromptToClear(change.tx, { chatId, clearedText: CLEARED_TEXT }))) throw nothingToDo();
      // A failed turn may have left calls open; their results belong before the boundary, with the calls.
      if (change.chat.status === "error") await failOpenCalls(change, "fail");
      const callId = `${CLEARED_TOOL}-${change.version}`;
      const pair = { tool_call_id: callId, tool_name: CLEARED_TOOL };
      await change.insertBoundary({
        summary: [{ type: "text", text: CLEARED_TEXT }],
        replayedMessageIds: [],
        call: { type: "tool-call", ...pair, args: {} },
        result: { type: "tool-result", ...pair, result: { source: "manual" }, is_error: false },
      });
      change.run = { ...change.run, turnSteps: 0, turnRuntimeMs: 0, compactionCount: 0 };
    },
  });
}

const nothingToDo = () => new ApiError("conflict", "There is nothing to clear: the agent's context is empty.");
