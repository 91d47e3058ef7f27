/** The daily roll-ups of paid calls, and what may be spent. */
import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  date,
  index,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { LIMIT_PERIODS } from "@/lib/contract/costs";
import { createdAt } from "./columns";
import { users } from "./people";

export const limitPeriod = pgEnum("limit_period", LIMIT_PERIODS);

const sum = () => bigint({ mode: "number" }).notNull().default(0);

const sums = () => ({
  /** Of priced calls. */
  costMicros: sum(),
  callCount: sum(),
  unpricedCallCount: sum(),
  /** Calls of the kind `step`: each is one message of the model. */
  messageCount: sum(),
  unpricedMessageCount: sum(),
  inputTokens: sum(),
  outputTokens: sum(),
  cacheReadTokens: sum(),
  cacheCreationTokens: sum(),
});

/**
 * Sums of `model_calls` per UTC day, person, root chat and model configuration, written with each call in its
 * transaction. Made with fillfactor 80 in the migration: a step rewrites one row, and no index is on what it changes.
 */
export const costDays = pgTable(
  "cost_days",
  {
    ownerId: uuid().notNull(),
    day: date({ mode: "string" }).notNull(),
    rootChatId: uuid().notNull(),
    /** Null: the call's model was not recorded (messages of the first releases). */
    modelConfigId: uuid(),
    ...sums(),
  },
  (table) => [
    unique("cost_days_unique").on(table.ownerId, table.day, table.rootChatId, table.modelConfigId).nullsNotDistinct(),
    index("cost_days_day").on(table.day),
    index("cost_days_root_chat_id").on(table.rootChatId),
  ],
);

/**
 * The same sums of each person from their first call to the end of a UTC day that is over: a row for every day since,
 * so that what everybody spent in a range is two rows each, the second taken from the first, however long it is and however
 * many chats they have. All days up to the last one here are closed; `cost_days` alone tells of those after it.
 */
export const costPersonTotals = pgTable(
  "cost_person_totals",
  { day: date({ mode: "string" }).notNull(), ownerId: uuid().notNull(), ...sums() },
  (table) => [primaryKey({ name: "cost_person_totals_pkey", columns: [table.day, table.ownerId] })],
);

/** What everybody may spend unless an override says otherwise. At most one row; none: no limit. */
export const usageLimits = pgTable(
  "usage_limits",
  {
    id: smallint().primaryKey().default(1),
    /** Null: no limit. */
    spendLimitMicros: bigint({ mode: "number" }),
    period: limitPeriod().notNull().default("month"),
    /** Whether work goes on when the check itself fails. */
    failOpen: boolean().notNull().default(false),
    updatedAt: createdAt(),
  },
  (table) => [check("usage_limits_one_row", sql`${table.id} = 1`)],
);

/** What one person may spend in the period, instead of the default. */
export const usageLimitOverrides = pgTable("usage_limit_overrides", {
  userId: uuid()
    .primaryKey()
    .references(() => users.id, { onDelete: "cascade" }),
  /** Null: no limit for this person. */
  spendLimitMicros: bigint({ mode: "number" }),
  updatedAt: createdAt(),
});
