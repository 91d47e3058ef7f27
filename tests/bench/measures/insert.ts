/** The message insert on one connection, against the same statement written out in the driver's own words. */
import type { Sql } from "postgres";
import { insertMessage, type NewMessage } from "@/db/queries/chat-transition";
import { newId } from "@/lib/ids";
import { median, type Row } from "../stats";

const SAMPLES = 500;
const ROUNDS = 5;

/** One raw insert and its commit. */
export type RawInsert = (sql: Sql) => Promise<unknown>;

/** Also returns the floor, and how long it takes. */
export async function measureInsert(sql: Sql): Promise<{ rows: Row[]; raw: RawInsert; insertMs: number }> {
  const ids = { owner: newId(), provider: newId(), model: newId(), chat: newId() };
  await sql`INSERT INTO users (id, email, username) VALUES (${ids.owner}, 'bench@example.test', 'bench-insert')`;
  await sql`INSERT INTO chat_providers (id, provider, display_name) VALUES (${ids.provider}, 'openai', 'Bench')`;
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, context_limit, compression_threshold)
    VALUES (${ids.model}, ${ids.provider}, 'bench', 'Bench', 200000, 70)`;
  await sql`INSERT INTO chats (id, owner_id, title, status, last_model_config_id)
    VALUES (${ids.chat}, ${ids.owner}, 'Bench', 'waiting', ${ids.model})`;
  const text = "x".repeat(500);
  const message: NewMessage = {
    chatId: ids.chat,
    historyVersion: 1,
    role: "user",
    parts: [{ type: "text", text }],
    createdBy: ids.owner,
    modelConfigId: ids.model,
  };
  const content = JSON.stringify(message.parts);
  const raw: RawInsert = (sql) => sql`
    WITH model AS (
      UPDATE chats SET last_model_config_id = ${ids.model}::uuid
      WHERE id = ${ids.chat} AND ${ids.model}::uuid IS NOT NULL AND last_model_config_id IS DISTINCT FROM ${ids.model}::uuid
    )
    INSERT INTO chat_messages (chat_id, history_version, role, visibility, content, content_version, created_by, model_config_id)
    VALUES (${ids.chat}, 1, 'user', 'both', ${content}::jsonb, 1, ${ids.owner}, ${ids.model})
    RETURNING id, created_at`;
  const ours: number[] = [];
  const floor: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    floor.push(await timed(() => raw(sql)));
    ours.push(await timed(() => insertMessage(sql, message)));
  }
  const ratio = median(ours) / median(floor);
  return {
    raw,
    insertMs: median(floor),
    rows: [
      {
        what: "message insert, 1 connection, ratio to raw driver code",
        value: ratio,
        unit: "×",
        floor: null,
        target: "≤ 1.5 ×",
        met: ratio <= 1.5,
      },
    ],
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let sample = 0; sample < SAMPLES; sample++) await work();
  return (performance.now() - start) / SAMPLES;
}
