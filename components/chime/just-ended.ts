import type { Chat } from "@/lib/contract/chats";
import type { WatchEvent } from "@/lib/contract/events";

type News = Extract<WatchEvent, { type: "chat" }>;

const BUSY: readonly Chat["status"][] = ["pending", "running", "interrupting"];

/** Whether an agent's work ended with this event: it is done, failed, or needs a person. Its subagents are its own affair. */
export function hasJustEnded(before: Chat | undefined, { kind, chat }: News): boolean {
  if (kind !== "status_change" && kind !== "action_required") return false;
  if (!before || chat.root_chat_id !== null || chat.archived) return false;
  if (chat.snapshot_version <= before.snapshot_version) return false;
  return BUSY.includes(before.status) && !BUSY.includes(chat.status);
}
