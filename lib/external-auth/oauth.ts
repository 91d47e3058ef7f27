/** OAuth's authorisation code grant with PKCE (RFC 6749, 7636) at a git host. Stores nothing. */
import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { ExternalAuthEntry, OAuthClient } from "@/lib/external-auth-entries";
import { GitHostError } from "@/lib/gitproviders/git-host-error";
import type { HostFetch } from "@/lib/gitproviders/host-fetch";

export type Tokens = {
  accessToken: string;
  refreshToken: string | null;
  /** Null: it does not end by itself. */
  expiresInSeconds: number | null;
};

/** 256 random bits each. */
export const newState = (): string => randomBytes(32).toString("base64url");
export const newVerifier = (): string => randomBytes(32).toString("base64url");

/** Where the person allows it. */
export function authorizationUrl(options: {
  client: OAuthClient;
  redirectUri: string;
  state: string;
  verifier: string;
}): string {
  const url = new URL(options.client.authUrl);
  url.searchParams.set("response_type", "code");
  url.searchParams.set("client_id", options.client.clientId);
  url.searchParams.set("redirect_uri", options.redirectUri);
  if (options.client.scopes.length > 0) url.searchParams.set("scope", options.client.scopes.join(" "));
  url.searchParams.set("state", options.state);
  url.searchParams.set("code_challenge", createHash("sha256").update(options.verifier).digest("base64url"));
  url.searchParams.set("code_challenge_method", "S256");
  return url.href;
}

type Ask = { client: OAuthClient; fetch: HostFetch; signal: AbortSignal };

/** @throws GitHostError when the host refuses or cannot be reached. */
export const exchangeCode = (ask: Ask, options: { code: string; redirectUri: string; verifier: string }) =>
  askForTokens(ask, {
    grant_type: "authorization_code",
    code: options.code,
    redirect_uri: options.redirectUri,
    code_verifier: options.verifier,
  });

/** @throws GitHostError `unauthorized` when the refresh token is spent or was revoked. */
export const refreshTokens = (ask: Ask, { refreshToken }: { refreshToken: string }) =>
  askForTokens(ask, { grant_type: "refresh_token", refresh_token: refreshToken });

const answer = z.object({
  access_token: z.string().min(1).optional(),
  refresh_token: z.string().nullish(),
  expires_in: z.coerce.number().positive().nullish(),
  error: z.string().optional(),
  error_description: z.string().optional(),
});

async function askForTokens({ client, fetch, signal }: Ask, grant: Record<string, string>): Promise<Tokens> {
  const host = new URL(client.tokenUrl).host;
  const response = await fetch(client.tokenUrl, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ ...grant, client_id: client.clientId, client_secret: client.clientSecret }).toString(),
    signal,
  });
  const text = await response.text();
  const parsed = answer.safeParse(parseJson(text));
  // GitHub answers 200 with an `error` (docs, "Authorizing OAuth apps", read 2026-11).
  const { access_token: accessToken, error, ...rest } = parsed.data ?? {};
  if (accessToken && response.ok) {
    return { accessToken, refreshToken: rest.refresh_token ?? null, expiresInSeconds: rest.expires_in ?? null };
  }
  if (response.status >= 500) throw new GitHostError("unreachable", `${host} answered ${response.status}.`);
  const reason = (rest.error_description ?? error ?? `it answered ${response.status}`).slice(0, 200);
  throw new GitHostError("unauthorized", `${host} gave no token: ${reason.replace(/\.$/, "")}.`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Revoke = Ask & { entry: ExternalAuthEntry; token: string };

/** Tells the host that the token is no longer wanted, where it has a way to. @throws GitHostError. */
export async function revokeToken({ entry, client, fetch, signal, token }: Revoke): Promise<void> {
  const basic = `Basic ${Buffer.from(`${client.clientId}:${client.clientSecret}`).toString("base64")}`;
  if (entry.type === "github") {
    const url = `${entry.apiBaseUrl}/applications/${encodeURIComponent(client.clientId)}/token`;
    const headers = { authorization: basic, accept: "application/vnd.github+json", "content-type": "application/json" };
    await fetch(url, { method: "DELETE", headers, body: JSON.stringify({ access_token: token }), signal });
  }
  if (entry.type === "gitlab") {
    const body = new URLSearchParams({ client_id: client.clientId, client_secret: client.clientSecret, token });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    await fetch(`${entry.webUrl}/oauth/revoke`, { method: "POST", headers, body: body.toString(), signal });
  }
}
