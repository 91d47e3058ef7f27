/** A person links, tests and removes accounts on git hosts. Answers hold no token. */
import {
  deleteExternalAuthLink,
  type ExternalAuthLinkRow,
  findExternalAuthLink,
  insertExternalAuthAttempt,
  listExternalAuthLinks,
  takeExternalAuthAttempt,
  upsertExternalAuthLink,
} from "@/db/queries/external-auth";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { ExternalAuth, ExternalAuthKind, ExternalAuthTest } from "@/lib/contract/external-auth";
import type { OAuthClient } from "@/lib/external-auth-entries";
import { isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostAccount } from "@/lib/gitproviders/port";
import type { ConfiguredHost } from "@/lib/gitproviders/registry";
import { sha256 } from "@/lib/ids";
import { log } from "@/lib/log";
import { authorizationUrl, exchangeCode, newState, newVerifier, revokeToken, type Tokens } from "./oauth";
import { type ExternalAuthParts, noteFailure, openToken, resolveToken, sealTokens } from "./tokens";

type Target = { userId: string; hostId: string };
type Call = Target & { signal: AbortSignal };

/** Every configured host, with the person's account there. */
export async function listExternalAuth(
  parts: ExternalAuthParts,
  { userId }: { userId: string },
): Promise<ExternalAuth[]> {
  const links = await listExternalAuthLinks(parts.db, { userId });
  return parts.hosts.list().map((configured) =>
    toExternalAuth(
      configured,
      links.find((link) => link.providerId === configured.entry.id),
    ),
  );
}

/** @throws ApiError `not_found`, `unprocessable` for a token that the host refuses, `unavailable`. */
export async function linkToken(
  parts: ExternalAuthParts,
  { token, ...call }: Call & { token: string },
): Promise<ExternalAuth> {
  const tokens = { accessToken: token, refreshToken: null, expiresInSeconds: null };
  return saveLink(parts, { ...call, kind: "token", tokens });
}

/** @throws ApiError `not_found`; also where nothing is linked. */
export async function removeLink(parts: ExternalAuthParts, { userId, hostId, signal }: Call): Promise<void> {
  const { entry } = getHost(parts, hostId);
  const link = await deleteExternalAuthLink(parts.db, { userId, providerId: entry.id });
  if (!link) throw notFound();
  await revokeLink(parts, { link, signal });
}

/** Tells the host that a removed link's token is to end, where we were given it. It is forgotten here in any case; the host may be away. */
export async function revokeLink(
  parts: ExternalAuthParts,
  { link, signal }: { link: ExternalAuthLinkRow; signal: AbortSignal },
): Promise<void> {
  const { providerId: hostId } = link;
  const entry = parts.hosts.list().find((configured) => configured.entry.id === hostId)?.entry;
  if (link.kind !== "oauth" || !entry?.oauth) return;
  const { fetch } = parts.hosts;
  const revoke = { entry, client: entry.oauth, fetch, signal, token: openToken(parts.secrets, link) };
  await revokeToken(revoke).catch((err: unknown) => log.warn("a token was not revoked at its host", { hostId, err }));
}

/** Asks the host who the token is for. @throws ApiError `not_found`, `unprocessable` without a token. */
export async function testLink(parts: ExternalAuthParts, { userId, hostId, signal }: Call): Promise<ExternalAuthTest> {
  const configured = getHost(parts, hostId);
  const place = { userId, providerId: hostId };
  try {
    const resolved = await resolveToken(parts, { userId, configured, signal });
    if (!resolved) throw new ApiError("unprocessable", "No account is linked here, so there is nothing to test.");
    const account = await configured.host.getAccount({ token: resolved.token, signal });
    await noteFailure(parts.db, { ...place, failure: null });
    const whose = resolved.source === "own" ? "" : ", with the installation's token";
    return { ok: true, message: `Works as ${account.login}${whose}.`, login: account.login, scopes: account.scopes };
  } catch (error) {
    if (!isGitHostError(error)) throw error;
    if (error.kind === "unauthorized") await noteFailure(parts.db, { ...place, failure: error.message });
    return { ok: false, message: error.message, login: null, scopes: [] };
  }
}

/** Begins OAuth: where the person's browser goes. @throws ApiError `not_found`, `unprocessable` without OAuth. */
export async function beginConnect(
  parts: ExternalAuthParts,
  { userId, hostId, accessUrl }: Target & { accessUrl: string },
): Promise<{ url: string }> {
  const { client } = getClient(parts, hostId);
  const [state, verifier] = [newState(), newVerifier()];
  const stateHash = sha256(state);
  const verifierCiphertext = parts.secrets.seal(verifier, attemptPlace(stateHash));
  await insertExternalAuthAttempt(parts.db, { stateHash, userId, providerId: hostId, verifierCiphertext });
  return { url: authorizationUrl({ client, redirectUri: redirectUri(accessUrl, hostId), state, verifier }) };
}

/** Ends OAuth. @throws ApiError `unprocessable` with the reason, for an attempt that is over or another's too. */
export async function finishConnect(
  parts: ExternalAuthParts,
  options: Call & { accessUrl: string; state: string; code: string },
): Promise<ExternalAuth> {
  const { userId, hostId, signal, state, code } = options;
  const { client } = getClient(parts, hostId);
  const stateHash = sha256(state);
  const attempt = await takeExternalAuthAttempt(parts.db, { stateHash, userId, providerId: hostId });
  if (!attempt)
    throw new ApiError("unprocessable", "This attempt to link is over or was begun by somebody else. Try again.");
  const verifier = parts.secrets.open(attempt.verifierCiphertext, attemptPlace(stateHash));
  const ask = { client, fetch: parts.hosts.fetch, signal };
  const grant = { code, verifier, redirectUri: redirectUri(options.accessUrl, hostId) };
  const tokens = await exchangeCode(ask, grant).catch(toApiError);
  return saveLink(parts, { userId, hostId, signal, kind: "oauth", tokens });
}

/** The account whose name and address the agent's commits carry; undefined where nothing is linked. */
export async function findAuthor(
  parts: Pick<ExternalAuthParts, "db">,
  place: { userId: string; providerId: string },
): Promise<{ name: string; email: string } | undefined> {
  const link = await findExternalAuthLink(parts.db, place);
  return link && link.accountEmail !== "" ? { name: link.accountName, email: link.accountEmail } : undefined;
}

async function saveLink(
  parts: ExternalAuthParts,
  { userId, hostId, signal, kind, tokens }: Call & { kind: ExternalAuthKind; tokens: Tokens },
): Promise<ExternalAuth> {
  const configured = getHost(parts, hostId);
  const account = await configured.host.getAccount({ token: tokens.accessToken, signal }).catch(toApiError);
  const place = { userId, providerId: configured.entry.id };
  await upsertExternalAuthLink(parts.db, {
    ...place,
    kind,
    ...sealTokens(parts, place, tokens),
    ...toColumns(account),
  });
  return toExternalAuth(configured, await findExternalAuthLink(parts.db, place));
}

const toColumns = ({ login, name, email, avatarUrl, scopes }: HostAccount) => ({
  accountLogin: login,
  accountName: name,
  accountEmail: email,
  accountAvatarUrl: avatarUrl,
  scopes,
});

function toApiError(error: unknown): never {
  if (!isGitHostError(error)) throw error;
  const isAway = error.kind === "unreachable" || error.kind === "rate_limited" || error.kind === "bad_answer";
  throw new ApiError(isAway ? "unavailable" : "unprocessable", error.message, { cause: error });
}

function getHost({ hosts }: ExternalAuthParts, hostId: string): ConfiguredHost {
  const configured = hosts.find(hostId);
  if (!configured) throw notFound();
  return configured;
}

function getClient(parts: ExternalAuthParts, hostId: string): { client: OAuthClient } {
  const { oauth } = getHost(parts, hostId).entry;
  if (!oauth)
    throw new ApiError("unprocessable", `${hostId} has no OAuth client; link the account with a token instead.`);
  return { client: oauth };
}

const redirectUri = (accessUrl: string, hostId: string) =>
  `${accessUrl}/api/experimental/external-auth/${hostId}/callback`;
const attemptPlace = (stateHash: string) => `external_auth_attempts.verifier:${stateHash}`;

function toExternalAuth({ entry }: ConfiguredHost, link: ExternalAuthLinkRow | undefined): ExternalAuth {
  return {
    id: entry.id,
    type: entry.type,
    web_url: entry.webUrl,
    has_oauth: entry.oauth !== null,
    has_shared_token: entry.token !== null,
    account: link
      ? {
          kind: link.kind,
          login: link.accountLogin,
          name: link.accountName,
          email: link.accountEmail,
          avatar_url: link.accountAvatarUrl,
          scopes: link.scopes,
          expires_at: link.expiresAt,
          failure: link.failure,
          linked_at: link.createdAt,
        }
      : null,
  };
}
