"use client";

import { useEffect, useState } from "react";
import { chatsClient, errorText } from "@/lib/contract/client";
import type { QueuedMessage } from "@/lib/contract/messages";
import { toast } from "../ui/toast";
import type { QueueActions } from "./queue-list";

/**
 * Acts on queued messages. A row that was promoted or removed hides at once and comes back when the server refuses;
 * everything else about the queue is what the stream says.
 */
export function useQueueActions(
  chatId: string,
  queue: readonly QueuedMessage[],
): QueueActions & { visibleQueue: readonly QueuedMessage[] } {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(new Set());

  useEffect(() => {
    const live = new Set(queue.map((queued) => queued.id));
    setHidden((ids) => ([...ids].every((id) => live.has(id)) ? ids : new Set([...ids].filter((id) => live.has(id)))));
  }, [queue]);

  const hideWhile = (queuedId: number, act: Promise<unknown>) => {
    setHidden((ids) => new Set(ids).add(queuedId));
    act.catch((error: unknown) => {
      setHidden((ids) => new Set([...ids].filter((id) => id !== queuedId)));
      toast.error(errorText(error), { id: `queue-${queuedId}` });
    });
  };

  return {
    visibleQueue: queue.filter((queued) => !hidden.has(queued.id)),
    onPromote: (queuedId) => hideWhile(queuedId, chatsClient.promoteQueued(chatId, queuedId)),
    onRemove: (queuedId) => hideWhile(queuedId, chatsClient.deleteQueued(chatId, queuedId)),
    onEdit: (queuedId, text) => {
      chatsClient.patchQueued(chatId, queuedId, { content: text }).catch((error: unknown) => {
        toast.error(`The edit was not saved. ${errorText(error)}`, { id: `queue-${queuedId}` });
      });
    },
  };
}
