/** What a repository address may be, and for whom. Decides only; resolves no name and reads no file. */
import { ApiError } from "@/lib/contract/errors";
import { parseSshRemote, type SshRemote } from "@/lib/ssh/remote";

/** A repository that a workspace may clone. */
export type Repository =
  /** `remote` is how git inside names it: the address as it was given; `ssh` what that says when it is an ssh remote. */
  | { kind: "http"; url: URL; remote: string; ssh: SshRemote | null; name: string }
  /** A repository on this machine. `path` is absolute. */
  | { kind: "file"; path: string; name: string };

/**
 * Parses an address: `https://…`, `http://…`, `file:///…`, or an ssh remote (`git@host:owner/name`, `ssh://…`), which is
 * the same repository at the host's web address: the owner's linked account opens it, or their ssh key where it is.
 * `trusted`: an administrator gave it (their own workspace, or the template's configuration). Only then may it name a
 * path of this machine or an http address, since both would let a member read what the server can.
 * @throws ApiError `unprocessable`.
 */
export function parseRepository(address: string, options: { trusted: boolean; webUrlOf?: WebUrlOf }): Repository {
  const ssh = parseSshRemote(address);
  if (ssh) {
    const web = `${options.webUrlOf?.(address) ?? `https://${bracketed(ssh.host)}`}/${ssh.path.replace(/^\/+/, "")}`;
    return { ...parseRepository(web, { trusted: options.trusted }), remote: address, ssh } as Repository;
  }
  const url = parseUrl(address);
  if (url.username || url.password) {
    throw refuse(address, "it holds a user name or password; link an account instead", { hidden: true });
  }
  if (url.protocol === "file:") {
    if (!options.trusted) throw refuse(address, "only administrators and templates may name a path of the server");
    if (url.host) throw refuse(address, "a file address has no host: file:///path/to/repository");
    const path = decodeURIComponent(url.pathname).replace(/(?<=.)\/+$/, "");
    if (path === "/" || path.includes("\0")) throw refuse(address, "it names no repository");
    return { kind: "file", path, name: nameOf(path) };
  }
  if (url.protocol === "http:" && !options.trusted) {
    throw refuse(address, "only administrators and templates may use http; use https");
  }
  if (url.pathname.length < 2) throw refuse(address, "it names no repository");
  url.search = "";
  url.hash = "";
  return { kind: "http", url, remote: url.href, ssh: null, name: nameOf(url.pathname) };
}

/** The web address of the configured git host that a remote is on. */
export type WebUrlOf = (remote: string) => string | undefined;

/** An IPv6 address as a web address has it. */
const bracketed = (host: string): string => (host.includes(":") ? `[${host}]` : host);

function parseUrl(address: string): URL {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refuse(address, "use an https address");
  }
  if (!["https:", "http:", "file:"].includes(url.protocol)) throw refuse(address, "use an https address");
  return url;
}

/** The last segment without `.git`, as far as it fits a name. */
function nameOf(path: string): string {
  const segment = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return (
    segment
      .replace(/\.git$/, "")
      .replace(/[^A-Za-z0-9-]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 40) || "workspace"
  );
}

function refuse(address: string, reason: string, options: { hidden?: boolean } = {}): ApiError {
  const shown = options.hidden ? "The repository address" : `The repository ${address.slice(0, 200)}`;
  return new ApiError("unprocessable", `${shown} cannot be used: ${reason}.`);
}
