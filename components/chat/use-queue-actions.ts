"use client";

import { useEffect, useMemo, useState } from "react";
import { chatsClient, errorText } from "@/lib/contract/client";
import type { QueuedMessage } from "@/lib/contract/messages";
import { toast } from "../ui/toast";
import type { QueueActions } from "./queue-list";
import { orderQueue } from "./queue-order";

const NONE: ReadonlySet<number> = new Set();

/**
 * Acts on queued messages. A row that was promoted or removed hides at once and comes back when the server refuses, and
 * a row that was moved stands at its new place until the server has said so; everything else is what the stream says.
 */
export function useQueueActions(
  chatId: string,
  queue: readonly QueuedMessage[],
): { visibleQueue: readonly QueuedMessage[]; queueActions: QueueActions } {
  const [hidden, setHidden] = useState<ReadonlySet<number>>(NONE);
  const [move, setMove] = useState<{ id: number; position: number }>();

  useEffect(() => {
    const live = new Set(queue.map((queued) => queued.id));
    setMove(undefined);
    setHidden((ids) => ([...ids].every((id) => live.has(id)) ? ids : new Set([...ids].filter((id) => live.has(id)))));
  }, [queue]);

  const queueActions = useMemo((): QueueActions => {
    const refuse = (queuedId: number, error: unknown) => toast.error(errorText(error), { id: `queue-${queuedId}` });
    const hideWhile = (queuedId: number, act: Promise<unknown>) => {
      setHidden((ids) => new Set(ids).add(queuedId));
      act.catch((error: unknown) => {
        setHidden((ids) => new Set([...ids].filter((id) => id !== queuedId)));
        refuse(queuedId, error);
      });
    };
    return {
      onPromote: (queuedId) => hideWhile(queuedId, chatsClient.promoteQueued(chatId, queuedId)),
      onRemove: (queuedId) => hideWhile(queuedId, chatsClient.deleteQueued(chatId, queuedId)),
      onEdit: (queuedId, content) => {
        chatsClient.patchQueued(chatId, queuedId, { content }).catch((error: unknown) => {
          toast.error(`The edit was not saved. ${errorText(error)}`, { id: `queue-${queuedId}` });
        });
      },
      onDelivery: (queuedId, delivery) => {
        chatsClient.patchQueued(chatId, queuedId, { delivery }).catch((error: unknown) => refuse(queuedId, error));
      },
      onMove: (queuedId, position) => {
        setMove({ id: queuedId, position });
        chatsClient.patchQueued(chatId, queuedId, { position }).catch((error: unknown) => {
          setMove(undefined);
          refuse(queuedId, error);
        });
      },
    };
  }, [chatId]);

  const visibleQueue = useMemo(
    () =>
      orderQueue(
        queue.filter((queued) => !hidden.has(queued.id)),
        move,
      ),
    [queue, hidden, move],
  );
  return { visibleQueue, queueActions };
}
