"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import type { Chat } from "@/lib/contract/chats";
import { findKnownChat } from "../agents-sidebar/kept-chat";

/** The chat as the list of agents has it: title, archive and pin change there live. Undefined while it is not loaded. */
export function useListedChat(chatId: string): Chat | undefined {
  const client = useQueryClient();
  return useSyncExternalStore(
    (listener) => client.getQueryCache().subscribe(listener),
    () => findKnownChat(client, chatId),
    () => undefined,
  );
}
