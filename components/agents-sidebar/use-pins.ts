"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { chatsClient, errorText } from "@/lib/contract/client";
import { toast } from "../ui/toast";
import { CHAT_LISTS, type ChatPages } from "./chat-pages";
import { holdPin, releasePin } from "./held-pins";
import { isFiltered } from "./list-filter";
import { listPins, movePin, numberPins } from "./pin-order";
import { useChatFilter } from "./use-chat-filter";
import { updateChatLists } from "./use-chat-list";

/** The events of a move come within this time of its answer. */
const SETTLE_MS = 1_000;

/** The order of pinned chats and how to change it. While results are filtered not all of them show, so none moves. */
export function usePins() {
  const client = useQueryClient();
  const { filter } = useChatFilter();
  const isFixed = isFiltered(filter) || filter.archive === "archived";
  const readIds = () => (isFixed ? [] : listPinIds(client));
  const moveTo = (chatId: string, place: number) => {
    const ids = readIds();
    const bounded = Math.min(ids.length - 1, Math.max(0, place));
    if (ids.includes(chatId) && ids.indexOf(chatId) !== bounded) void move(client, { chatId, ids, place: bounded });
  };
  return {
    isFixed,
    placeOf(chatId: string) {
      const ids = readIds();
      const place = ids.indexOf(chatId);
      return place < 0 ? undefined : { place, canMoveUp: place > 0, canMoveDown: place < ids.length - 1 };
    },
    moveTo,
    moveBy: (chatId: string, by: number) => moveTo(chatId, readIds().indexOf(chatId) + by),
  };
}

function listPinIds(client: QueryClient): string[] {
  const lists = client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS });
  const longest = lists.map(([, pages]) => (pages ? listPins(pages).map((chat) => chat.id) : []));
  return longest.reduce((a, b) => (b.length > a.length ? b : a), []);
}

/** Shows at once; a refusal puts the order back. */
async function move(client: QueryClient, { chatId, ids, place }: { chatId: string; ids: string[]; place: number }) {
  const show = (order: readonly string[]) => updateChatLists(client, (pages) => numberPins(pages, order));
  holdPin(chatId);
  show(movePin(ids, chatId, place));
  try {
    await chatsClient.patch(chatId, { pin_order: place + 1 });
  } catch (error) {
    show(ids);
    toast.error(errorText(error), { id: "pin-order" });
  } finally {
    setTimeout(() => releasePin(chatId), SETTLE_MS);
  }
}
