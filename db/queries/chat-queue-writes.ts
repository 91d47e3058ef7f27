/** The statements that change a chat's queue. Called inside a transition alone, under the run's lock. */
import type { SqlExecutor } from "@/db/client";
import type { QueueDelivery, ReasoningEffort, StoredPart } from "@/lib/contract/messages";
import { CONTENT_VERSION, readStoredContent } from "../content";
import { toJsonb } from "../json";

export type QueueItem = {
  id: number;
  parts: StoredPart[];
  delivery: QueueDelivery;
  modelConfigId: string | null;
  reasoningEffort: ReasoningEffort | null;
  createdBy: string | null;
  createdAt: string;
};

/** One that waits; `position` is its place, 1 the head. */
export type PlacedQueueItem = QueueItem & { position: number };

type Stored<T> = Omit<T, "parts"> & { content: unknown; contentVersion: number };
type QueueRow = Stored<QueueItem>;
type PlacedRow = Stored<PlacedQueueItem>;

const columns = (tx: SqlExecutor) => tx`id, content, content_version AS "contentVersion", delivery,
  model_config_id AS "modelConfigId", reasoning_effort AS "reasoningEffort", created_by AS "createdBy",
  created_at AS "createdAt"`;

/** Of a row that stays: its place from 1, since stored positions have gaps and may be negative. Of `RETURNING`. */
const placed = (tx: SqlExecutor) => tx`${columns(tx)}, (
  SELECT count(*)::int + 1 FROM chat_queued_messages AS other WHERE other.chat_id = chat_queued_messages.chat_id
    AND (other.position, other.id) < (chat_queued_messages.position, chat_queued_messages.id)) AS position`;

const toItem = <T extends QueueRow>({ content, contentVersion, ...row }: T) => ({
  ...row,
  parts: readStoredContent({ role: "user", content, contentVersion }),
});

export type NewQueueItem = {
  chatId: string;
  parts: StoredPart[];
  delivery: QueueDelivery;
  /** Before every other item instead of after. */
  atHead: boolean;
  modelConfigId: string | null;
  reasoningEffort: ReasoningEffort | null;
  createdBy: string | null;
};

export async function insertQueueItem(tx: SqlExecutor, item: NewQueueItem): Promise<PlacedQueueItem> {
  const [row] = await tx<PlacedRow[]>`
    INSERT INTO chat_queued_messages (chat_id, content, content_version, delivery, position, model_config_id,
      reasoning_effort, created_by)
    SELECT ${item.chatId}, ${toJsonb(item.parts)}::jsonb, ${CONTENT_VERSION}, ${item.delivery}::queue_delivery,
      CASE WHEN ${item.atHead} THEN coalesce(min(position), 1) - 1 ELSE coalesce(max(position), 0) + 1 END,
      ${item.modelConfigId}::uuid, ${item.reasoningEffort}::reasoning_effort, ${item.createdBy}::uuid
    FROM chat_queued_messages WHERE chat_id = ${item.chatId}
    RETURNING ${placed(tx)}`.execute();
  return toItem(row as PlacedRow);
}

/** Removes and returns an item; undefined when it is not (or no longer) in this queue. */
export async function deleteQueueItem(
  tx: SqlExecutor,
  { chatId, id }: { chatId: string; id: number },
): Promise<QueueItem | undefined> {
  const [row] = await tx<QueueRow[]>`
    DELETE FROM chat_queued_messages WHERE chat_id = ${chatId} AND id = ${id} RETURNING ${columns(tx)}`;
  return row && toItem(row);
}

/** Puts an item before every other one; it stays the same item. Undefined when it is not in this queue. */
export async function moveQueueItemToHead(
  tx: SqlExecutor,
  { chatId, id }: { chatId: string; id: number },
): Promise<PlacedQueueItem | undefined> {
  const [row] = await tx<PlacedRow[]>`
    UPDATE chat_queued_messages
    SET position = (SELECT min(position) - 1 FROM chat_queued_messages WHERE chat_id = ${chatId})
    WHERE chat_id = ${chatId} AND id = ${id} RETURNING ${placed(tx)}`;
  return row && toItem(row);
}

/**
 * Removes and returns what goes in now: all steers in queue order and, at the end of a turn, the head of the others
 * after them.
 */
export async function deletePromotedItems(
  tx: SqlExecutor,
  { chatId, withHead }: { chatId: string; withHead: boolean },
): Promise<QueueItem[]> {
  const rows = await tx<QueueRow[]>`
    WITH gone AS (
      DELETE FROM chat_queued_messages WHERE chat_id = ${chatId} AND (delivery = 'steer' OR ${withHead} AND id = (
        SELECT id FROM chat_queued_messages WHERE chat_id = ${chatId} AND delivery = 'queue'
        ORDER BY position, id LIMIT 1))
      RETURNING *
    ) SELECT ${columns(tx)} FROM gone ORDER BY delivery = 'queue', position, id`;
  return rows.map(toItem);
}

export type QueueItemChange = { parts?: StoredPart[]; delivery?: QueueDelivery };

/** Changes an item's content or delivery; undefined when it is not in this queue. */
export async function updateQueueItem(
  tx: SqlExecutor,
  { chatId, id, change }: { chatId: string; id: number; change: QueueItemChange },
): Promise<PlacedQueueItem | undefined> {
  const content = change.parts ? toJsonb(change.parts) : null;
  const [row] = await tx<PlacedRow[]>`
    UPDATE chat_queued_messages SET content = coalesce(${content}::jsonb, content),
      content_version = CASE WHEN ${content !== null} THEN ${CONTENT_VERSION} ELSE content_version END,
      delivery = coalesce(${change.delivery ?? null}::queue_delivery, delivery)
    WHERE chat_id = ${chatId} AND id = ${id} RETURNING ${placed(tx)}`;
  return row && toItem(row);
}

/** Moves an item to a place from 1: 0 is the head too, beyond the end means last. Positions become 1, 2, 3, … */
export async function moveQueueItem(
  tx: SqlExecutor,
  { chatId, id, place }: { chatId: string; id: number; place: number },
): Promise<void> {
  await tx`
    WITH ordered AS (
      SELECT id, row_number() OVER (
        ORDER BY CASE WHEN id = ${id} THEN ${place}::numeric - 0.5 ELSE rank END, rank) AS position
      FROM (
        SELECT id, row_number() OVER (ORDER BY id = ${id}, position, id) AS rank
        FROM chat_queued_messages WHERE chat_id = ${chatId}
      ) AS ranked
    )
    UPDATE chat_queued_messages q SET position = ordered.position
    FROM ordered WHERE q.chat_id = ${chatId} AND q.id = ordered.id`;
}

/** Empties the queue. */
export async function deleteQueue(tx: SqlExecutor, { chatId }: { chatId: string }): Promise<void> {
  await tx`DELETE FROM chat_queued_messages WHERE chat_id = ${chatId}`;
}
