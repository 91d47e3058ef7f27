/** Credentials for git remotes, kept on the server. Nothing here ever enters a sandbox. */

export type GitCredential = { username: string; password: string };

/** Finds the credential for a remote, as it was given (`https://github.com/acme/app`); null when there is none. */
export type CredentialSource = (origin: string) => Promise<GitCredential | null>;

/** A static token for the remotes that match. */
export type StaticToken = { pattern: RegExp; token: string };

/** Credentials from configured tokens; the first match wins. Hosts accept any user name beside a token. */
export function createStaticCredentials(tokens: readonly StaticToken[]): CredentialSource {
  return async (origin) => {
    const match = tokens.find((entry) => entry.pattern.test(origin));
    return match ? { username: "x-access-token", password: match.token } : null;
  };
}
