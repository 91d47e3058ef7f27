/** The token that serves a person at a git host: their own, renewed when it ends, else the installation's. */
import type { Database, Executor } from "@/db/client";
import {
  type ExternalAuthLinkRow,
  findExternalAuthLink,
  lockExternalAuthLink,
  updateExternalAuthFailure,
  updateExternalAuthTokens,
} from "@/db/queries/external-auth";
import type { Clock } from "@/lib/clock";
import { isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { ConfiguredHost, GitHosts } from "@/lib/gitproviders/registry";
import type { SecretBox } from "@/lib/secret-box";
import { refreshTokens, type Tokens } from "./oauth";

export type ExternalAuthParts = { db: Database; secrets: SecretBox; hosts: GitHosts; clock: Clock };

/** A token and whose it is. */
export type ResolvedToken = { token: string; source: "own" | "shared" };

/** A token that ends within this time is renewed before it is used. */
const RENEW_BEFORE_MS = 60_000;

/**
 * Null: neither the person nor the installation has one. A link that does not work any more does not fall back to the
 * installation's token: the person is told instead.
 * @throws GitHostError when a token that ended could not be renewed.
 */
export async function resolveToken(
  parts: ExternalAuthParts,
  options: { userId: string; configured: ConfiguredHost; signal: AbortSignal },
): Promise<ResolvedToken | null> {
  const { entry } = options.configured;
  const link = await findExternalAuthLink(parts.db, { userId: options.userId, providerId: entry.id });
  if (!link) return entry.token ? { token: entry.token, source: "shared" } : null;
  const current = isEnding(parts, link) && link.refreshCiphertext ? await renew(parts, options) : link;
  return current && { token: openToken(parts.secrets, current), source: "own" };
}

const isEnding = ({ clock }: ExternalAuthParts, link: ExternalAuthLinkRow): boolean =>
  link.expiresAt !== null && Date.parse(link.expiresAt) - clock.now() < RENEW_BEFORE_MS;

/** One at a time for each link, since hosts take a refresh token once. */
async function renew(
  parts: ExternalAuthParts,
  { userId, configured, signal }: { userId: string; configured: ConfiguredHost; signal: AbortSignal },
): Promise<ExternalAuthLinkRow | null> {
  const { entry } = configured;
  const place = { userId, providerId: entry.id };
  try {
    return await parts.db.transaction(async (tx) => {
      const link = await lockExternalAuthLink(tx, place);
      const { refreshCiphertext } = link ?? {};
      if (!link || !refreshCiphertext || !entry.oauth || !isEnding(parts, link)) return link ?? null;
      const refreshToken = parts.secrets.open(refreshCiphertext, placeOf("refresh", link));
      const tokens = await refreshTokens({ client: entry.oauth, fetch: parts.hosts.fetch, signal }, { refreshToken });
      const renewed = {
        ...link,
        ...sealTokens(parts, place, { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }),
      };
      await updateExternalAuthTokens(tx, renewed);
      return renewed;
    });
  } catch (error) {
    if (isGitHostError(error) && error.kind === "unauthorized") {
      await noteFailure(parts.db, { ...place, failure: "The host did not renew the access. Link the account again." });
    }
    throw error;
  }
}

/** Records that the host refused, or took, a person's token. */
export const noteFailure = (
  executor: Executor,
  options: { userId: string; providerId: string; failure: string | null },
): Promise<void> => updateExternalAuthFailure(executor, options);

/** The columns that hold the tokens, bound to their row. */
export function sealTokens(
  { secrets, clock }: Pick<ExternalAuthParts, "secrets" | "clock">,
  place: { userId: string; providerId: string },
  { accessToken, refreshToken, expiresInSeconds }: Tokens,
) {
  return {
    tokenCiphertext: secrets.seal(accessToken, placeOf("token", place)),
    refreshCiphertext: refreshToken === null ? null : secrets.seal(refreshToken, placeOf("refresh", place)),
    expiresAt: expiresInSeconds === null ? null : new Date(clock.now() + expiresInSeconds * 1_000).toISOString(),
  };
}

/** @throws Error when it was sealed with another secret key. */
export const openToken = (secrets: SecretBox, link: ExternalAuthLinkRow): string =>
  secrets.open(link.tokenCiphertext, placeOf("token", link));

const placeOf = (column: "token" | "refresh", { userId, providerId }: { userId: string; providerId: string }): string =>
  `external_auth_links.${column}:${userId}:${providerId}`;
