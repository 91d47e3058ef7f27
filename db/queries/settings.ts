/** Facts of the installation, by key. Holds no secret in the clear: hashes and sealed text only. */
import { and, eq, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { settings } from "@/db/schema";

const SETUP_TOKEN = "setup_token";

/** A fact, or undefined when it was never written. The reader validates its shape. */
export async function findSetting(executor: Executor, options: { key: string }): Promise<unknown> {
  const [row] = await executor.select({ value: settings.value }).from(settings).where(eq(settings.key, options.key));
  return row?.value;
}

/** Writes a fact over whatever stood there. */
export async function upsertSetting(executor: Executor, options: { key: string; value: unknown }): Promise<void> {
  await executor
    .insert(settings)
    .values(options)
    .onConflictDoUpdate({ target: settings.key, set: { value: options.value, updatedAt: sql`now()` } });
}

/** Writes a fact unless it exists; returns the one that stands. */
export async function insertSettingOnce(
  executor: Executor,
  options: { key: string; value: unknown },
): Promise<unknown> {
  await executor.insert(settings).values(options).onConflictDoNothing();
  return findSetting(executor, { key: options.key });
}

/** Removes a fact. */
export async function deleteSetting(executor: Executor, options: { key: string }): Promise<void> {
  await executor.delete(settings).where(eq(settings.key, options.key));
}

/** Makes this the one setup token; an earlier one is worthless from then on. */
export async function upsertSetupToken(
  executor: Executor,
  options: { tokenHash: string; lifetimeMs: number },
): Promise<void> {
  const value = sql`jsonb_build_object('hash', ${options.tokenHash}::text,
    'expires_at', now() + ${options.lifetimeMs} * interval '1 millisecond')`;
  await executor
    .insert(settings)
    .values({ key: SETUP_TOKEN, value })
    .onConflictDoUpdate({ target: settings.key, set: { value, updatedAt: sql`now()` } });
}

/**
 * Takes the setup token if it is this one and still valid. Of any number of transactions exactly one gets true; the
 * others wait for its end on the row's lock.
 */
export async function takeSetupToken(executor: Executor, options: { tokenHash: string }): Promise<boolean> {
  const taken = await executor
    .delete(settings)
    .where(
      and(
        eq(settings.key, SETUP_TOKEN),
        sql`${settings.value} ->> 'hash' = ${options.tokenHash}`,
        sql`(${settings.value} ->> 'expires_at')::timestamptz > now()`,
      ),
    )
    .returning({ key: settings.key });
  return taken.length === 1;
}

/** No setup is open any more. */
export async function deleteSetupToken(executor: Executor): Promise<void> {
  await deleteSetting(executor, { key: SETUP_TOKEN });
}
