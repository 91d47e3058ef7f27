"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient } from "@/lib/contract/client";

/** One line of the results. */
export type SearchResult = {
  key: string;
  chat: Pick<Chat, "id" | "title" | "status" | "archived" | "updated_at" | "diff_status">;
  /** The message that matched; null when the title did. */
  messageId: number | null;
  snippet: string;
  highlights: readonly { start: number; end: number }[];
};

/** A word is typed faster than this. */
const PAUSE_MS = 250;
const RECENT_COUNT = 10;
const TITLE_COUNT = 20;
const RESULT_COUNT = 50;

/** What a search finds; without one, the agents that moved last. Old results stay while new ones come. */
export function useSearch(q: string) {
  const settled = usePaused(q);
  const query = useQuery({
    queryKey: ["chats", "search", settled],
    queryFn: ({ signal }) => search(settled, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
    gcTime: 0,
  });
  return { ...query, isSearching: query.isFetching || q !== settled };
}

/**
 * Agents by title, also by a part of a word and the moment they are named, then what was said. Conditions alone have no
 * words to look for in messages.
 */
async function search(q: string, signal: AbortSignal): Promise<SearchResult[]> {
  const [chats, hits] = await Promise.all([
    chatsClient.list({ q: q || undefined, limit: q ? TITLE_COUNT : RECENT_COUNT }, { signal }),
    q ? chatsClient.search({ q, limit: RESULT_COUNT }, { signal }) : [],
  ]);
  const titles = chats.map((chat) => ({ key: chat.id, chat, messageId: null, snippet: "", highlights: [] }));
  const said = hits.flatMap(({ chat, message_id: messageId, snippet, highlights }) =>
    messageId === null ? [] : [{ key: `${chat.id}/${messageId}`, chat, messageId, snippet, highlights }],
  );
  return [...titles, ...said];
}

function usePaused(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
