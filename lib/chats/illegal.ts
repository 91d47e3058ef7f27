/** Words for an event that the table forbids. Pure. */
import type { LockedChat } from "@/db/queries/chat-transition";
import { ApiError } from "@/lib/contract/errors";
import type { ChatEventName } from "./state";

/** `conflict`, with the state that was met and what helps. */
export function illegal(chat: Pick<LockedChat, "status" | "pauseReason" | "archived">, event: ChatEventName): ApiError {
  if (chat.archived) return new ApiError("conflict", "This agent is archived. Unarchive it first.");
  const state = chat.pauseReason ? `${chat.status} (${chat.pauseReason})` : chat.status;
  switch (event) {
    case "archive":
      return new ApiError("conflict", `This agent is ${state}. Stop it first, then archive it.`);
    case "change_queue":
    case "promote":
      return new ApiError("not_found", "The queue is empty: the message was sent or removed meanwhile.");
    case "resume":
      return new ApiError(
        "conflict",
        `This agent is ${state} and waits for no answer: it was answered or stopped meanwhile.`,
      );
    case "compact":
    case "clear":
    case "rewind":
    case "undo_compact":
      if (chat.status === "error") {
        const message = "This agent stopped with an error and has messages in its queue. Send or remove them first.";
        return new ApiError("conflict", message);
      }
      return new ApiError("conflict", `This agent is ${state}. Wait until it is idle and its queue is empty.`);
    default:
      return new ApiError("conflict", `This agent is ${state}, which does not allow ${event.replaceAll("_", " ")}.`);
  }
}
