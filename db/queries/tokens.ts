/** API tokens of people. Knows hashes only, never a token. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { Executor, SqlExecutor } from "@/db/client";
import { apiTokens } from "@/db/schema";
import type { Token, TokenScope, UserRole } from "@/lib/contract/users";
import type { CredentialOwner } from "./sessions";

/** Enough for every script of one person; the list has an end. */
export const MAX_TOKENS_PER_USER = 100;

type TokenOwnerRow = {
  credentialId: string;
  userId: string;
  username: string;
  role: UserRole;
  /** Comma-separated; null: no limit. */
  scopes: string | null;
  isTouchDue: boolean;
};

/**
 * The owner of a live API token, undefined when it is unknown or expired or the person is suspended.
 * Hot: every request of a program. Index scan on `api_tokens_token_hash_unique`, then on `users_pkey`.
 */
export async function findTokenOwner(
  executor: SqlExecutor,
  options: { tokenHash: string },
): Promise<CredentialOwner | undefined> {
  const [row] = await executor<TokenOwnerRow[]>`
    SELECT t.id AS "credentialId", u.id AS "userId", u.username, u.role, array_to_string(t.scopes, ',') AS scopes,
      coalesce(t.last_used_at < now() - interval '1 minute', true) AS "isTouchDue"
    FROM api_tokens t JOIN users u ON u.id = t.user_id
    WHERE t.token_hash = ${options.tokenHash} AND (t.expires_at IS NULL OR t.expires_at > now()) AND NOT u.suspended`;
  if (!row) return undefined;
  return { ...row, scopes: row.scopes === null ? null : (row.scopes.split(",") as TokenScope[]) };
}

/** Records that a token was used. */
export async function touchToken(executor: SqlExecutor, options: { tokenId: string }): Promise<void> {
  await executor`
    UPDATE api_tokens SET last_used_at = now()
    WHERE id = ${options.tokenId} AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;
}

/** Adds a token. Returns undefined when the person already has `MAX_TOKENS_PER_USER`. */
export async function insertToken(
  executor: Executor,
  options: {
    id: string;
    userId: string;
    name: string;
    tokenHash: string;
    scopes: TokenScope[] | null;
    /** Null: it never expires. */
    expiresInDays: number | null;
  },
): Promise<Token | undefined> {
  const { expiresInDays, ...values } = options;
  const count = await executor.$count(apiTokens, eq(apiTokens.userId, options.userId));
  if (count >= MAX_TOKENS_PER_USER) return undefined;
  const expiresAt = expiresInDays === null ? null : sql`now() + ${expiresInDays} * interval '1 day'`;
  const [row] = await executor
    .insert(apiTokens)
    .values({ ...values, expiresAt: expiresAt as unknown as string })
    .returning(wireColumns);
  return row;
}

/** A person's tokens, newest first, expired ones included. */
export async function listTokens(executor: Executor, options: { userId: string }): Promise<Token[]> {
  return executor
    .select(wireColumns)
    .from(apiTokens)
    .where(eq(apiTokens.userId, options.userId))
    .orderBy(desc(apiTokens.createdAt), apiTokens.id)
    .limit(MAX_TOKENS_PER_USER);
}

/** Whether a token of this person was deleted. */
export async function deleteToken(executor: Executor, options: { userId: string; tokenId: string }): Promise<boolean> {
  const deleted = await executor
    .delete(apiTokens)
    .where(and(eq(apiTokens.userId, options.userId), eq(apiTokens.id, options.tokenId)))
    .returning({ id: apiTokens.id });
  return deleted.length > 0;
}

const wireColumns = {
  id: apiTokens.id,
  name: apiTokens.name,
  scopes: apiTokens.scopes,
  created_at: apiTokens.createdAt,
  last_used_at: apiTokens.lastUsedAt,
  expires_at: apiTokens.expiresAt,
};
