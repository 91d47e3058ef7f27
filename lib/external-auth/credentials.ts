/** Credentials for git itself, from linked accounts. They go to the broker, never into a sandbox. */
import type { ExternalAuthEntry } from "@/lib/external-auth-entries";
import { parseRemote, withoutPort } from "@/lib/gitproviders/remote";
import { type CredentialSource, coversHost } from "@/lib/workspaces/credentials";
import { type ExternalAuthParts, resolveToken } from "./tokens";

/** A renewal is one request. */
const DEADLINE_MS = 20_000;

/** What a host takes beside a token as the password. GitLab's OAuth tokens want this one name. */
const USERNAMES = { github: "x-access-token", gitlab: "oauth2", forgejo: "x-access-token" };

/** The person's own token, else the installation's; null for a host that nobody configured. */
export function createLinkedCredentials(parts: ExternalAuthParts): CredentialSource {
  return async ({ origin, ownerId }) => {
    const configured = parts.hosts.findByRemote(origin);
    if (!configured || !isMeantFor(configured.entry, origin)) return null;
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const resolved = await resolveToken(parts, { userId: ownerId, configured, signal });
    return resolved && { username: USERNAMES[configured.entry.type], password: resolved.token };
  };
}

/** A token goes to the host of its entry, or where an administrator's expression covers the whole host. */
function isMeantFor({ webUrl, pattern }: ExternalAuthEntry, origin: string): boolean {
  const host = parseRemote(origin)?.host;
  if (host !== undefined && withoutPort(host) === withoutPort(new URL(webUrl).host)) return true;
  return pattern !== null && coversHost(pattern, origin);
}
