"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { Chat } from "@/lib/contract/chats";

/** Closed by default. The root of the chat that was just opened opens; a later closing by hand is respected. */
export function useExpansion(roots: readonly Chat[], openChatId: string | null) {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set());
  const openRootId = roots.find((root) => root.children.some((child) => child.id === openChatId))?.id;
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (!openRootId || revealed.current === openChatId) return;
    revealed.current = openChatId;
    setExpanded((current) => new Set(current).add(openRootId));
  }, [openRootId, openChatId]);
  const toggle = useCallback((chatId: string) => {
    setExpanded((current) => {
      const next = new Set(current);
      if (!next.delete(chatId)) next.add(chatId);
      return next;
    });
  }, []);
  return { isExpanded: (chatId: string) => expanded.has(chatId), toggle };
}
