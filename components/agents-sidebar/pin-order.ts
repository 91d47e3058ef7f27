import type { Chat } from "@/lib/contract/chats";
import { type ChatPages, listRoots, updateChat } from "./chat-pages";

/** The pinned chats in their order. */
export const listPins = (pages: ChatPages): Chat[] =>
  listRoots(pages)
    .filter((chat) => chat.pinned)
    .sort((a, b) => a.pin_order - b.pin_order);

/** The ids after one moved to a place, counted from 0. */
export function movePin(ids: readonly string[], chatId: string, place: number): string[] {
  const others = ids.filter((id) => id !== chatId);
  return others.toSpliced(Math.max(0, place), 0, chatId);
}

/** Numbers the pins from 1 in the order given, as the server does. Rows that keep their number keep their identity. */
export function numberPins(pages: ChatPages, ids: readonly string[]): ChatPages {
  return ids.reduce(
    (numbered, id, index) =>
      updateChat(numbered, id, (chat) => (chat.pin_order === index + 1 ? chat : { ...chat, pin_order: index + 1 })),
    pages,
  );
}

/**
 * After news of one chat's pin its neighbours close up or make room: the server renumbers them without an event of
 * their own.
 */
export function closeUpPins(pages: ChatPages, chat: Pick<Chat, "id" | "pinned" | "pin_order">): ChatPages {
  const others = listPins(pages).flatMap(({ id }) => (id === chat.id ? [] : [id]));
  return numberPins(pages, chat.pinned ? movePin(others, chat.id, chat.pin_order - 1) : others);
}
