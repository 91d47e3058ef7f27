"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Chat } from "@/lib/contract/chats";
import { type ChatPages, findListed } from "../agents-sidebar/chat-list-state";
import { CHAT_LISTS } from "../agents-sidebar/use-chat-list";

/** The chat as the list of agents has it: title, archive and pin change there live. Undefined while it is not loaded. */
export function useListedChat(chatId: string): Chat | undefined {
  const client = useQueryClient();
  return useSyncExternalStore(
    (listener) => client.getQueryCache().subscribe(listener),
    () => {
      for (const [, pages] of client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS })) {
        const found = pages && findListed(pages, chatId);
        if (found) return found.chat;
      }
      return undefined;
    },
    () => undefined,
  );
}
