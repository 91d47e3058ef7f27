import type { Chat } from "@/lib/contract/chats";

/** What an entry of a chat's menu asks for that needs more than a press. */
export type ChatDialog = { kind: "rename" | "delete-workspace"; chat: Chat };

/** An archived subagent comes back with its root alone, so it has nothing to offer. */
export const hasChatMenu = (chat: Chat): boolean => !(chat.archived && chat.root_chat_id !== null);
