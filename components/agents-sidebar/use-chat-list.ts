"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient } from "@/lib/contract/client";
import type { WatchEvent } from "@/lib/contract/events";
import { useListEvents } from "../live/use-live-stream";
import { compareChats } from "./chat-groups";
import { type ChatPage, type ChatPages, listRoots, reduceChatList } from "./chat-list-state";

const PAGE_SIZE = 50;

/** The family of all chat lists; one entry per value of `archived`. */
export const CHAT_LISTS = ["chats", "list"] as const;
export const chatListKey = (archived: boolean) => [...CHAT_LISTS, { archived }] as const;

/** One page as the list keeps it. */
export function toChatPage(chats: Chat[]): ChatPage {
  return { chats, nextAfterId: chats.length < PAGE_SIZE ? null : (chats.at(-1)?.id ?? null) };
}

/** What the server read for the first paint. */
export type FirstPage = { chats: Chat[]; listCursor: string | null };

/** The person's chats, page by page, sorted as the server sorts. `firstPage` is of the active ones. */
export function useChatList(options: { archived: boolean; firstPage: FirstPage }) {
  const { archived, firstPage } = options;
  const query = useInfiniteQuery<ChatPage, Error, ChatPages, ReturnType<typeof chatListKey>, string | null>({
    queryKey: chatListKey(archived),
    queryFn: async ({ pageParam, signal }) => {
      const page = { limit: PAGE_SIZE, archived, after_id: pageParam ?? undefined };
      return toChatPage(await chatsClient.list(page, { signal }));
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.nextAfterId,
    initialData: archived ? undefined : (): ChatPages => ({ pages: [toChatPage(firstPage.chats)], pageParams: [null] }),
  });
  const pages = query.data;
  const roots = useMemo(() => (pages ? listRoots(pages).sort(compareChats) : []), [pages]);
  return { ...query, roots };
}

/** The one writer of the lists: applies every event of the person's stream to each list that is loaded. */
export function useChatListEvents(options: { listCursor: string | null; openChatId: string | null }): void {
  const client = useQueryClient();
  const onEvent = (event: WatchEvent) => {
    if (event.type === "resync") {
      // Only what is loaded, and never instead of a first load, which would leave it pending for ever.
      void client.refetchQueries({ queryKey: CHAT_LISTS, type: "active" }, { cancelRefetch: false });
      return;
    }
    for (const archived of [false, true]) {
      client.setQueryData<ChatPages>(
        chatListKey(archived),
        (pages) => pages && reduceChatList(pages, event, { archived, openChatId: options.openChatId }),
      );
    }
  };
  useListEvents({ cursor: options.listCursor, onEvent });
}
