/** People's accounts on git hosts. Sees tokens as sealed text only. */
import { and, eq, lt, sql } from "drizzle-orm";
import type { Executor } from "@/db/client";
import { externalAuthAttempts, externalAuthLinks } from "@/db/schema";

/** A link with its sealed tokens: for opening them, never for an answer. */
export type ExternalAuthLinkRow = typeof externalAuthLinks.$inferSelect;

type Place = { userId: string; providerId: string };

const at = ({ userId, providerId }: Place) =>
  and(eq(externalAuthLinks.userId, userId), eq(externalAuthLinks.providerId, providerId));

/** All of a person's links: at most one for each configured host. */
export const listExternalAuthLinks = (executor: Executor, { userId }: { userId: string }) =>
  executor.select().from(externalAuthLinks).where(eq(externalAuthLinks.userId, userId));

export async function findExternalAuthLink(executor: Executor, place: Place): Promise<ExternalAuthLinkRow | undefined> {
  const [row] = await executor.select().from(externalAuthLinks).where(at(place));
  return row;
}

/** The same, locked until the transaction ends: a refresh token may be used once only. */
export async function lockExternalAuthLink(executor: Executor, place: Place): Promise<ExternalAuthLinkRow | undefined> {
  const [row] = await executor.select().from(externalAuthLinks).where(at(place)).for("update");
  return row;
}

export type NewExternalAuthLink = Omit<ExternalAuthLinkRow, "createdAt" | "updatedAt" | "failure">;

/** Replaces what was linked before. */
export async function upsertExternalAuthLink(executor: Executor, link: NewExternalAuthLink): Promise<void> {
  const { userId: _user, providerId: _provider, ...values } = link;
  await executor
    .insert(externalAuthLinks)
    .values(link)
    .onConflictDoUpdate({
      target: [externalAuthLinks.userId, externalAuthLinks.providerId],
      set: { ...values, failure: null, createdAt: sql`now()`, updatedAt: sql`now()` },
    });
}

type Renewal = Pick<ExternalAuthLinkRow, "tokenCiphertext" | "refreshCiphertext" | "expiresAt">;

/** New tokens of the same account. */
export async function updateExternalAuthTokens(executor: Executor, options: Place & Renewal): Promise<void> {
  const { tokenCiphertext, refreshCiphertext, expiresAt } = options;
  await executor
    .update(externalAuthLinks)
    .set({ tokenCiphertext, refreshCiphertext, expiresAt, failure: null, updatedAt: sql`now()` })
    .where(at(options));
}

/** Records why a token does not work, or that it does (null). Writes only when that changed. */
export async function updateExternalAuthFailure(
  executor: Executor,
  options: Place & { failure: string | null },
): Promise<void> {
  await executor
    .update(externalAuthLinks)
    .set({ failure: options.failure, updatedAt: sql`now()` })
    .where(and(at(options), sql`${externalAuthLinks.failure} IS DISTINCT FROM ${options.failure}`));
}

/** Returns the removed link; undefined when there was none. */
export async function deleteExternalAuthLink(
  executor: Executor,
  place: Place,
): Promise<ExternalAuthLinkRow | undefined> {
  const [row] = await executor.delete(externalAuthLinks).where(at(place)).returning();
  return row;
}

/** A person signs in at the host within this time. */
const ATTEMPT_MINUTES = 10;
const isOver = lt(externalAuthAttempts.createdAt, sql`now() - make_interval(mins => ${ATTEMPT_MINUTES})`);

export async function insertExternalAuthAttempt(
  executor: Executor,
  attempt: Omit<typeof externalAuthAttempts.$inferInsert, "createdAt">,
): Promise<void> {
  await executor.delete(externalAuthAttempts).where(isOver);
  await executor.insert(externalAuthAttempts).values(attempt);
}

/** Takes an attempt: it works once, for the person who began it, at the host it was begun for. */
export async function takeExternalAuthAttempt(
  executor: Executor,
  { stateHash, userId, providerId }: Place & { stateHash: string },
): Promise<{ verifierCiphertext: string } | undefined> {
  const [row] = await executor
    .delete(externalAuthAttempts)
    .where(
      and(
        eq(externalAuthAttempts.stateHash, stateHash),
        eq(externalAuthAttempts.userId, userId),
        eq(externalAuthAttempts.providerId, providerId),
        sql`NOT (${isOver})`,
      ),
    )
    .returning({ verifierCiphertext: externalAuthAttempts.verifierCiphertext });
  return row;
}
