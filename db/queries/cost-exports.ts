/** What people spent as rows for a file, in batches through a cursor: memory holds one batch. Reads only. */
import { type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type { Sql } from "postgres";
import { createDatabase } from "@/db/client";
import { type CostRange, countedIn, ofOwner, summedFigures } from "./cost-range";
import { userSumsWithChats } from "./costs";
import { findOpenDay } from "./person-totals";

type Row<Column extends string> = Record<Column, string | number | null>;
type Batches<Column extends string> = AsyncGenerator<Row<Column>[], void>;

const FIGURES = [
  "total_cost_micros",
  "message_count",
  "unpriced_call_count",
  "total_input_tokens",
  "total_output_tokens",
  "total_cache_read_tokens",
  "total_cache_creation_tokens",
] as const;

export const USER_COST_COLUMNS = ["user_id", "username", "name", "chat_count", ...FIGURES] as const;
export const CHAT_COST_COLUMNS = ["root_chat_id", "chat_title", ...FIGURES] as const;
export const CALL_COLUMNS = [
  "id",
  "created_at",
  "kind",
  "root_chat_id",
  "chat_id",
  "message_id",
  "provider",
  "model",
  "input_tokens",
  "output_tokens",
  "reasoning_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
  "input_price_per_million",
  "output_price_per_million",
  "cache_read_price_per_million",
  "cache_write_price_per_million",
  "cost_micros",
] as const;

/** A row for each person who spent something, dearest first. */
export async function* readUserCosts(
  client: Sql,
  options: CostRange & { search?: string | undefined },
): Batches<(typeof USER_COST_COLUMNS)[number]> {
  const openDay = await findOpenDay(createDatabase(client));
  yield* batches(client, sql`${userSumsWithChats({ ...options, openDay })} ORDER BY total_cost_micros DESC, username`);
}

/** A row for each root chat of a person, dearest first. */
export const readChatCosts = (
  client: Sql,
  { ownerId, ...range }: CostRange & { ownerId: string },
): Batches<(typeof CHAT_COST_COLUMNS)[number]> =>
  batches(
    client,
    sql`SELECT s.*, coalesce(c.title, '') AS chat_title
      FROM (SELECT root_chat_id, ${summedFigures} FROM (${countedIn(range, ofOwner(ownerId))}) counted GROUP BY 1) s
      LEFT JOIN chats c ON c.id = s.root_chat_id
      ORDER BY total_cost_micros DESC, root_chat_id`,
  );

/** A row for each paid call of a person, oldest first, by `model_calls_owner_id_created_at`. */
export const readCalls = (
  client: Sql,
  { ownerId, start, end }: CostRange & { ownerId: string },
): Batches<(typeof CALL_COLUMNS)[number]> =>
  batches(
    client,
    sql`SELECT ${sql.join(
      CALL_COLUMNS.map((column) => sql.identifier(column)),
      sql`, `,
    )} FROM model_calls
      WHERE owner_id = ${ownerId} AND created_at >= ${start}::timestamptz
        ${end === null ? sql`` : sql`AND created_at < ${end}::timestamptz`}
      ORDER BY created_at, id`,
  );

/** 1,000 rows are about 200 KB. */
const BATCH_ROWS = 1_000;

const dialect = new PgDialect();

/**
 * Through a cursor in a transaction of its own, which ends when the reader leaves. DECLARE takes no parameters, so that
 * drizzle writes them into the text. Who does not read for a minute loses the connection (`db/connect`).
 */
async function* batches<Column extends string>(client: Sql, query: SQL): Batches<Column> {
  const { sql: text } = dialect.sqlToQuery(query.inlineParams());
  const connection = await client.reserve();
  try {
    await connection`BEGIN READ ONLY`;
    await connection.unsafe(`DECLARE export_rows NO SCROLL CURSOR FOR ${text}`);
    for (;;) {
      const rows = await connection.unsafe<Row<Column>[]>(`FETCH ${BATCH_ROWS} FROM export_rows`);
      if (rows.length === 0) return;
      yield rows;
    }
  } finally {
    await connection`ROLLBACK`.catch(() => {});
    connection.release();
  }
}
