"use client";

import { type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient } from "@/lib/contract/client";
import type { WatchEvent } from "@/lib/contract/events";
import { useChime } from "../chime/use-chime";
import { useListEvents } from "../live/use-live-stream";
import { compareChats } from "./chat-groups";
import { reduceChatList } from "./chat-list-state";
import { CHAT_LISTS, type ChatPage, type ChatPages, listRoots } from "./chat-pages";
import { isPinHeld } from "./held-pins";
import { followOpenChat, keepOpenChat } from "./kept-chat";
import { formatListFilter, type ListFilter, NO_FILTER, parseListFilter, toListQuery } from "./list-filter";

const PAGE_SIZE = 50;

export const chatListKey = (filter: ListFilter) => [...CHAT_LISTS, formatListFilter(filter)] as const;

/** Changes every list that is loaded, each as its own filter wants it. */
export function updateChatLists(
  client: QueryClient,
  change: (pages: ChatPages, filter: ListFilter) => ChatPages,
): void {
  for (const [key, pages] of client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS })) {
    if (!pages) continue;
    const filter = parseListFilter(new URLSearchParams(String(key[CHAT_LISTS.length])));
    client.setQueryData<ChatPages>(key, change(pages, filter));
  }
}

/** One page as the list keeps it. */
export function toChatPage(chats: Chat[]): ChatPage {
  return { chats, nextAfterId: chats.length < PAGE_SIZE ? null : (chats.at(-1)?.id ?? null) };
}

/** What the server read for the first paint. */
export type FirstPage = { chats: Chat[]; listCursor: string | null };

/** The person's chats, page by page, sorted as the server sorts. `firstPage` is of the unfiltered list. */
export function useChatList(options: { filter: ListFilter; firstPage: FirstPage }) {
  const { filter, firstPage } = options;
  const queryKey = chatListKey(filter);
  const query = useInfiniteQuery<ChatPage, Error, ChatPages, ReturnType<typeof chatListKey>, string | null>({
    queryKey,
    queryFn: async ({ pageParam, signal }) => {
      const page = { ...toListQuery(filter), limit: PAGE_SIZE, after_id: pageParam ?? undefined };
      return toChatPage(await chatsClient.list(page, { signal }));
    },
    initialPageParam: null,
    getNextPageParam: (page) => page.nextAfterId,
    initialData:
      formatListFilter(filter) === ""
        ? (): ChatPages => ({ pages: [toChatPage(firstPage.chats)], pageParams: [null] })
        : undefined,
  });
  const pages = query.data;
  const roots = useMemo(() => (pages ? listRoots(pages).sort(compareChats) : []), [pages]);
  return { ...query, roots };
}

/** Reads again what is shown; never instead of a first load, which would leave it pending for ever. */
export const resyncChatLists = (client: QueryClient): Promise<void> =>
  client.refetchQueries({ queryKey: CHAT_LISTS, type: "active" }, { cancelRefetch: false });

/** The one writer of the lists: applies every event of the person's stream to each list that is loaded. */
export function useChatListEvents(options: { listCursor: string | null; openChatId: string | null }): void {
  const client = useQueryClient();
  const chime = useChime(options.openChatId);
  const onEvent = (event: WatchEvent) => {
    if (event.type === "resync") {
      void resyncChatLists(client);
      return;
    }
    const { openChatId } = options;
    chime(event);
    keepOpenChat(client, event, openChatId);
    updateChatLists(client, (pages, filter) => reduceChatList(pages, event, { filter, openChatId, isPinHeld }));
    followOpenChat(client, event, { filter: NO_FILTER, openChatId });
  };
  useListEvents({ cursor: options.listCursor, onEvent });
}
