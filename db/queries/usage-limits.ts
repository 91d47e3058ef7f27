/** The limits that administrators set. Written one row at a time; what they mean is decided in `lib/chats/spend-limit`. */
import { eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { usageLimitOverrides, usageLimits } from "@/db/schema";
import type { PutUsageLimits, UsageLimitOverride, UsageLimits } from "@/lib/contract/costs";

/** The default, the overrides by name with what each has spent in the period, and who waits for a limit now. */
export async function getUsageLimits(db: Executor): Promise<UsageLimits> {
  const [[row], overrides, waiting, [unpriced]] = await Promise.all([
    db.select().from(usageLimits),
    db.execute<UsageLimitOverride & Record<string, unknown>>(sql`
      SELECT o.user_id, u.username, u.name, u.avatar_url, o.spend_limit_micros,
        (SELECT coalesce(sum(d.cost_micros), 0)::bigint FROM cost_days d
          WHERE d.owner_id = o.user_id AND d.day >= ${periodStart}::date) AS spent_micros
      FROM usage_limit_overrides o JOIN users u ON u.id = o.user_id
      ORDER BY lower(u.username)`),
    db.execute<UsageLimits["waiting"][number] & Record<string, unknown>>(sql`
      SELECT c.owner_id AS user_id, u.username, u.name, count(*)::int AS chat_count
      FROM chats c JOIN users u ON u.id = c.owner_id
      WHERE c.pause_reason = 'spend_limit' AND NOT c.archived
      GROUP BY 1, 2, 3 ORDER BY 2`),
    db.execute<{ count: number }>(sql`
      SELECT count(*)::int AS count FROM chat_model_configs
      WHERE deleted_at IS NULL AND enabled AND (input_price_per_million IS NULL OR output_price_per_million IS NULL)`),
  ]);
  return {
    spend_limit_micros: row?.spendLimitMicros ?? null,
    period: row?.period ?? "month",
    fail_open: row?.failOpen ?? false,
    unpriced_model_count: unpriced?.count ?? 0,
    overrides: [...overrides],
    waiting: [...waiting],
  };
}

const periodStart = sql`
  date_trunc(coalesce((SELECT period FROM usage_limits), 'month')::text, now() AT TIME ZONE 'UTC')`;

/** What is absent stays as it is. */
export async function upsertUsageLimits(db: Executor, limits: PutUsageLimits): Promise<void> {
  const values = {
    spendLimitMicros: limits.spend_limit_micros,
    ...(limits.period && { period: limits.period }),
    ...(limits.fail_open !== undefined && { failOpen: limits.fail_open }),
    updatedAt: sql`now()`,
  };
  await db.insert(usageLimits).values(values).onConflictDoUpdate({ target: usageLimits.id, set: values });
}

/** Null: no limit for this person. */
export async function upsertOverride(
  db: Executor,
  options: { userId: string; spendLimitMicros: number | null },
): Promise<void> {
  const values = { ...options, updatedAt: sql`now()` };
  await db
    .insert(usageLimitOverrides)
    .values(values)
    .onConflictDoUpdate({ target: usageLimitOverrides.userId, set: values });
}

/** False: there was none. */
export async function deleteOverride(db: Executor, { userId }: { userId: string }): Promise<boolean> {
  const rows = await db
    .delete(usageLimitOverrides)
    .where(eq(usageLimitOverrides.userId, userId))
    .returning({ userId: usageLimitOverrides.userId });
  return rows.length > 0;
}
