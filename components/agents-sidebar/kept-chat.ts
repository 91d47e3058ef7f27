import type { QueryClient } from "@tanstack/react-query";
import type { Chat } from "@/lib/contract/chats";
import { adoption, type ChatNews, type ListView } from "./chat-list-state";
import { CHAT_LISTS, type ChatPages, findListed } from "./chat-pages";

const keptKey = (chatId: string) => ["chats", "kept", chatId] as const;

/**
 * Before a tree leaves the lists, the open chat among it is kept as archived: its page turns read-only in the same
 * frame, with all that was known of it.
 */
export function keepOpenChat(client: QueryClient, news: ChatNews, openChatId: string | null): void {
  if (!openChatId) return;
  if (news.kind === "created" && news.chat.id === openChatId) client.removeQueries({ queryKey: keptKey(openChatId) });
  if (news.kind !== "deleted") return;
  const known = findInLists(client, openChatId);
  const isMember = openChatId === news.chat.id || known?.root_chat_id === news.chat.id;
  if (isMember) client.setQueryData<Chat>(keptKey(openChatId), { ...(known ?? news.chat), archived: true });
}

/** An open chat that no loaded list has, since it is old or filtered away, follows the events about it too. */
export function followOpenChat(client: QueryClient, news: ChatNews, view: ListView): void {
  const { kind, chat } = news;
  const isAway = kind === "created" || kind === "deleted" || findInLists(client, chat.id) !== undefined;
  if (chat.id !== view.openChatId || isAway) return;
  client.setQueryData<Chat>(keptKey(chat.id), (kept) => (kept ? adoption(news, view)(kept) : chat));
}

/** The chat as a loaded list has it, else as it was when it left the lists, and as events say since. */
export function findKnownChat(client: QueryClient, chatId: string): Chat | undefined {
  return findInLists(client, chatId) ?? client.getQueryData<Chat>(keptKey(chatId));
}

function findInLists(client: QueryClient, chatId: string): Chat | undefined {
  for (const [, pages] of client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS })) {
    const found = pages && findListed(pages, chatId);
    if (found) return found.chat;
  }
  return undefined;
}
