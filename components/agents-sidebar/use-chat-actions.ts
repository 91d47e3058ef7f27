"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient, errorText } from "@/lib/contract/client";
import { toast } from "../ui/toast";
import { type ChatPages, insertChat, removeTree, updateChat } from "./chat-list-state";
import { CHAT_LISTS, chatListKey } from "./use-chat-list";

/** What a person may do with a chat in the list. Each shows at once and is taken back with a reason when refused. */
export function useChatActions() {
  const client = useQueryClient();
  return {
    async togglePin(chat: Chat) {
      const change = chat.pinned ? { pinned: false, pin_order: 0 } : { pinned: true, pin_order: nextPinOrder(client) };
      await optimistic(client, chat, change, () => chatsClient.patch(chat.id, { pinned: change.pinned }));
    },
    async toggleUnread(chat: Chat) {
      const unread = !chat.has_unread;
      await optimistic(client, chat, { has_unread: unread }, () => chatsClient.read(chat.id, { unread }));
    },
    /** @throws ApiError for the dialog, which stays open. */
    async rename(chat: Chat, title: string) {
      await chatsClient.patch(chat.id, { title });
      patch(client, chat.id, { title });
    },
    async archive(chat: Chat) {
      try {
        const archived = await chatsClient.archive(chat.id);
        move(client, archived);
        toast.show(`Archived “${chat.title}”`, {
          action: { label: "Undo", onClick: () => void unarchive(client, chat) },
        });
      } catch (error) {
        toast.error(errorText(error));
      }
    },
    unarchive: (chat: Chat) => unarchive(client, chat),
  };
}

async function unarchive(client: QueryClient, chat: Chat): Promise<void> {
  try {
    move(client, await chatsClient.unarchive(chat.id));
  } catch (error) {
    toast.error(errorText(error));
  }
}

async function optimistic(client: QueryClient, chat: Chat, change: Partial<Chat>, send: () => Promise<unknown>) {
  patch(client, chat.id, change);
  try {
    await send();
  } catch (error) {
    const before = Object.fromEntries(Object.keys(change).map((field) => [field, chat[field as keyof Chat]]));
    patch(client, chat.id, before);
    toast.error(errorText(error));
  }
}

function patch(client: QueryClient, chatId: string, change: Partial<Chat>) {
  client.setQueriesData<ChatPages>(
    { queryKey: CHAT_LISTS },
    (pages) => pages && updateChat(pages, chatId, (chat) => ({ ...chat, ...change })),
  );
}

/** Out of the list it left, into the one it now belongs to, in one frame. */
function move(client: QueryClient, chat: Chat) {
  client.setQueryData<ChatPages>(chatListKey(!chat.archived), (pages) => pages && removeTree(pages, chat.id));
  client.setQueryData<ChatPages>(chatListKey(chat.archived), (pages) => pages && insertChat(pages, chat));
}

function nextPinOrder(client: QueryClient): number {
  const lists = client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS });
  const orders = lists.flatMap(([, pages]) => pages?.pages.flatMap((page) => page.chats.map((chat) => chat.pin_order)));
  return Math.max(0, ...orders.map((order) => order ?? 0)) + 1;
}
