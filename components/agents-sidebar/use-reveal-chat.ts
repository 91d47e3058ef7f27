"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient } from "@/lib/contract/client";
import { type ChatPages, findListed, insertChat } from "./chat-pages";
import { isFiltered, type ListFilter, matchesFilter } from "./list-filter";
import { chatListKey } from "./use-chat-list";

/**
 * Adds the open chat to the list when an old link opened it and its page is not loaded, a subagent with its root. It
 * stands where its time puts it, and events change it as any other row.
 */
export function useRevealChat(options: {
  openChatId: string | null;
  roots: readonly Chat[];
  filter: ListFilter;
}): void {
  const { openChatId, roots, filter } = options;
  const client = useQueryClient();
  const isMissing = openChatId !== null && roots.length > 0 && !isFiltered(filter) && !isListed(roots, openChatId);
  useEffect(() => {
    if (!isMissing || !openChatId) return;
    const controller = new AbortController();
    findRoot(openChatId, controller.signal)
      .then((root) => {
        if (!matchesFilter(filter, root)) return;
        client.setQueryData<ChatPages>(chatListKey(filter), (pages) =>
          pages && !findListed(pages, root.id) ? insertChat(pages, root) : pages,
        );
      })
      // The list does without the row: the page itself says what is wrong with the chat.
      .catch(() => undefined);
    return () => controller.abort();
  }, [isMissing, openChatId, filter, client]);
}

const isListed = (roots: readonly Chat[], chatId: string): boolean =>
  roots.some((root) => root.id === chatId || root.children.some((child) => child.id === chatId));

async function findRoot(chatId: string, signal: AbortSignal): Promise<Chat> {
  const chat = await chatsClient.get(chatId, { signal });
  return chat.root_chat_id ? chatsClient.get(chat.root_chat_id, { signal }) : chat;
}
