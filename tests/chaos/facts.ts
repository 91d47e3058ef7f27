/** Reads what the checker needs from the database and the workspaces, with statements of its own; of the product it asks its verifier of costs. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import postgres, { type Sql } from "postgres";
import { listCostMismatches } from "@/db/queries/cost-verification";
import type { CallRow, ChatRow, MessageRow, QueueRow, Rollup } from "./evidence";

export type Facts = {
  chats: ChatRow[];
  messages: MessageRow[];
  queue: QueueRow[];
  calls: CallRow[];
  rollup: Rollup;
};

/** The caller ends it. */
export function openDatabase(directory: string): Sql {
  const types = { bigint: { to: 20, from: [20], parse: Number, serialize: String } };
  return postgres({ host: directory, username: "slipway", database: "slipway", max: 2, types, onnotice: () => {} });
}

/** What every connection of the product does now. */
export const readActivity = (sql: Sql): Promise<object[]> => sql`
  SELECT pid, state, wait_event_type, wait_event, backend_start::text, state_change::text, left(query, 200) AS query
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() ORDER BY backend_start`;

export async function readFacts(sql: Sql, chatIds: string[]): Promise<Facts> {
  const [chats, messages, queue, calls, rollups, mismatches] = await sql.begin(
    "isolation level repeatable read read only",
    (tx) => [
      tx<ChatRow[]>`
      SELECT c.id, c.status, c.archived, c.root_chat_id AS "rootChatId", c.last_error AS "lastError",
        r.snapshot_version AS "snapshotVersion", r.history_version AS "historyVersion", r.runner_id AS "runnerId",
        c.workspace_id AS "workspaceId"
      FROM chats c JOIN chat_runs r ON r.chat_id = c.id
      WHERE c.id = ANY(${chatIds}) OR c.root_chat_id = ANY(${chatIds})`,
      tx<MessageRow[]>`
      SELECT id, chat_id AS "chatId", history_version AS "historyVersion", role, content, deleted, visibility, compressed,
        created_by AS "createdBy", total_cost_micros AS "totalCostMicros",
        (extract(epoch FROM created_at) * 1000)::float8 AS "createdAt"
      FROM chat_messages WHERE chat_id = ANY(${chatIds}) ORDER BY chat_id, id`,
      tx<QueueRow[]>`
      SELECT id, chat_id AS "chatId", content FROM chat_queued_messages WHERE chat_id = ANY(${chatIds})
      ORDER BY chat_id, position, id`,
      tx<CallRow[]>`
      SELECT chat_id AS "chatId", message_id AS "messageId", kind, cost_micros AS "costMicros"
      FROM model_calls WHERE root_chat_id = ANY(${chatIds})`,
      tx<{ costMicros: number }[]>`
      SELECT coalesce(sum(cost_micros), 0)::bigint AS "costMicros" FROM cost_days WHERE root_chat_id = ANY(${chatIds})`,
      listCostMismatches(tx),
    ],
  );
  const rollup = {
    costMicros: rollups[0]!.costMicros,
    mismatches: mismatches.map(
      ({ what, key, expected, found }) => `${what} ${key}: expected ${expected}, found ${found}`,
    ),
  };
  return { chats: [...chats], messages: [...messages], queue: [...queue], calls: [...calls], rollup };
}

/** How often each command wrote its name, over all workspaces of the data directory. */
export async function readEffects(dataDir: string): Promise<Map<string, number>> {
  const effects = new Map<string, number>();
  const folder = join(dataDir, "workspaces");
  for (const workspace of await readdir(folder).catch(() => [])) {
    const text = await readFile(join(folder, workspace, "work/effects"), "utf8").catch(() => "");
    for (const name of text.split("\n").filter(Boolean)) effects.set(name, (effects.get(name) ?? 0) + 1);
  }
  return effects;
}
