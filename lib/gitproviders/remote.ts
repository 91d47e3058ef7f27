/** Git remotes in every spelling that git takes, and what repository they name. Pure; resolves no name. */
import { decodeLeniently, hasControl, splitScpLike } from "@/lib/remote-text";

/** A repository on a git host. `owner` may hold slashes (GitLab's groups). */
export type HostedRepository = {
  /** In lower case, with the port when the remote is an http address with an unusual one. */
  host: string;
  owner: string;
  name: string;
};

/** Longer remotes are no repository of anybody. */
const MAX_REMOTE_CHARACTERS = 2_048;
const SCHEMES = new Set(["https:", "http:", "ssh:", "git+ssh:", "git:"]);

/** Undefined for what names no repository on a host: paths, `file://`, words, an owner without a repository. */
export function parseRemote(remote: string): HostedRepository | undefined {
  const text = remote.trim();
  if (text === "" || text.length > MAX_REMOTE_CHARACTERS || hasControl(text)) return undefined;
  const url = text.includes("://") ? URL.parse(text) : undefined;
  if (url) {
    if (!SCHEMES.has(url.protocol) || !url.hostname) return undefined;
    const isWeb = url.protocol === "https:" || url.protocol === "http:";
    return toRepository(isWeb ? url.host : url.hostname, url.pathname);
  }
  const parts = splitScpLike(text);
  return parts && toRepository(parts.host, parts.path);
}

/** `owner/name` in lower case: equal for all spellings of one repository. Empty when the remote names none. */
export function repositoryKey(remote: string): string {
  const repository = parseRemote(remote);
  return repository ? `${repository.owner}/${repository.name}`.toLowerCase() : "";
}

/** An IPv6 address keeps its brackets. */
export const withoutPort = (host: string): string => host.replace(/:\d+$/, "");

function toRepository(host: string, path: string): HostedRepository | undefined {
  const segments = decodeLeniently(path)
    .split("/")
    .filter((segment) => segment !== "");
  const name = segments.pop()?.replace(/\.git$/, "");
  const isPlain = [...segments, name ?? ""].every((segment) => segment !== "." && segment !== ".." && segment !== "");
  if (!name || segments.length === 0 || !isPlain || hasControl(segments.join("") + name)) return undefined;
  return { host: host.toLowerCase(), owner: segments.join("/"), name };
}
