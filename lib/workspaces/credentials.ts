/** Credentials for git remotes, kept on the server. Nothing here ever enters a sandbox. */

import type { SshIdentity } from "@/lib/ssh/client";

export type GitCredential = { username: string; password: string };

/** Finds a person's credential for a remote, as it was given (`https://github.com/acme/app`); null when there is none. */
export type CredentialSource = (request: { origin: string; ownerId: string }) => Promise<GitCredential | null>;

/** Finds a person's key for an ssh host, given as `host` or `host:port`; null when there is none. */
export type SshIdentitySource = (request: { host: string; ownerId: string }) => Promise<SshIdentity | null>;

/** A static token for the remotes that match. */
export type StaticToken = { pattern: RegExp; token: string };

/** Credentials from configured tokens; the first match wins. Hosts accept any user name beside a token. */
export function createStaticCredentials(tokens: readonly StaticToken[]): CredentialSource {
  return async ({ origin }) => {
    const match = tokens.find((entry) => coversHost(entry.pattern, origin));
    return match ? { username: "x-access-token", password: match.token } : null;
  };
}

/**
 * Whether the pattern matches the remote from its scheme or host on, at least to the host's end. A pattern such as
 * `github\.com` must open neither `https://evil.example/github.com` nor `https://github.com.evil.example`.
 */
export function coversHost(pattern: RegExp, origin: string): boolean {
  const url = URL.parse(origin);
  const match = pattern.exec(origin);
  if (!url || !match) return false;
  const hostStart = origin.indexOf(url.host);
  return match.index <= hostStart && match.index + match[0].length >= hostStart + url.host.length;
}
