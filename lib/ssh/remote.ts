/** Git remotes over ssh, as git reads them. Pure; resolves no name. */
import { decodeLeniently, hasControl, splitScpLike } from "@/lib/remote-text";

export type SshRemote = {
  /** In lower case, an IPv6 address without its brackets. */
  host: string;
  port: number;
  /** Null where the remote names nobody. */
  username: string | null;
  /** As git hands it to the host: `owner/name.git`, or from the root or a home on. */
  path: string;
};

export const SSH_PORT = 22;

/** Nothing that ssh or a shell could take for something else. */
const USERNAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Undefined for what is no ssh remote, or holds a password. */
export function parseSshRemote(remote: string): SshRemote | undefined {
  const parsed = remote.includes("://") ? parseSshUrl(remote) : parseScpLike(remote);
  if (!parsed?.host || parsed.path === "" || parsed.path === "/" || hasControl(parsed.path)) return undefined;
  return parsed.username === null || USERNAME.test(parsed.username) ? parsed : undefined;
}

/** What a person's key is for: the host, with its port where that is not 22. */
export const sshHostOf = ({ host, port }: Pick<SshRemote, "host" | "port">): string =>
  port === SSH_PORT ? host : `${host}:${port}`;

function parseSshUrl(remote: string): SshRemote | undefined {
  const url = URL.parse(remote);
  if (!url || (url.protocol !== "ssh:" && url.protocol !== "git+ssh:") || url.password) return undefined;
  const path = decodeLeniently(url.pathname);
  return {
    host: bare(url.hostname),
    port: Number(url.port || SSH_PORT),
    username: url.username === "" ? null : decodeLeniently(url.username),
    // `ssh://host/~ada/app` is below a home.
    path: path.startsWith("/~") ? path.slice(1) : path,
  };
}

function parseScpLike(remote: string): SshRemote | undefined {
  const parts = splitScpLike(remote);
  return parts && { ...parts, host: bare(parts.host), port: SSH_PORT };
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, "");
