/** The text of a git remote: what all of its readers have to know. Pure. */

/** `user@host:path`; a `//` after the colon would be a scheme's. */
const SCP_LIKE = /^(?:([^@\s/]+)@)?(\[[0-9a-f:.]+\]|[A-Za-z0-9][A-Za-z0-9._-]*):(?!\/\/)(\S.*)$/i;

/** The parts of an scp-like remote, an IPv6 address in its brackets; undefined for any other. */
export function splitScpLike(text: string): { username: string | null; host: string; path: string } | undefined {
  const [, username, host, path] = SCP_LIKE.exec(text) ?? [];
  return host && path ? { username: username ?? null, host, path } : undefined;
}

/** Percent signs that encode nothing are left as they are. */
export function decodeLeniently(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
export const hasControl = (text: string): boolean => /[\u0000-\u001f\u007f]/.test(text);
