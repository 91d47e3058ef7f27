/** The configured git hosts of this process, each with its adapter. */
import type { Clock } from "@/lib/clock";
import type { ExternalAuthEntry } from "@/lib/external-auth-entries";
import { createGitHost } from "./create-git-host";
import { createHostFetch, type HostFetch } from "./host-fetch";
import type { GitHost } from "./port";
import { parseRemote, withoutPort } from "./remote";

export type ConfiguredHost = { entry: ExternalAuthEntry; host: GitHost };

export type GitHosts = {
  list(): ConfiguredHost[];
  find(id: string): ConfiguredHost | undefined;
  /** Whose expression matches the remote as it is given; else one without an expression, on the remote's host. */
  findByRemote(remote: string): ConfiguredHost | undefined;
  /** Whose pages the address is below. */
  findByUrl(url: string): ConfiguredHost | undefined;
  /** For what no adapter asks: OAuth. */
  fetch: HostFetch;
};

type GitHostsOptions = {
  entries: readonly ExternalAuthEntry[];
  clock: Clock;
  fetch?: typeof fetch;
  deadlineMs?: number;
};

export function createGitHosts({ entries, ...options }: GitHostsOptions): GitHosts {
  const hosts = entries.map((entry) => ({
    entry,
    host: createGitHost({ type: entry.type, apiBaseUrl: entry.apiBaseUrl, ...options }),
  }));
  return {
    list: () => hosts,
    find: (id) => hosts.find(({ entry }) => entry.id === id),
    findByRemote(remote) {
      const name = parseRemote(remote)?.host;
      return (
        hosts.find(({ entry }) => entry.pattern?.test(remote)) ??
        hosts.find(({ entry }) => !entry.pattern && name !== undefined && isHostOf(entry, name))
      );
    },
    findByUrl: (url) => hosts.find(({ entry }) => url.startsWith(`${entry.webUrl}/`)),
    fetch: createHostFetch(options),
  };
}

/** An ssh remote has no web port, so the name decides. */
const isHostOf = ({ webUrl }: ExternalAuthEntry, host: string): boolean =>
  withoutPort(new URL(webUrl).host) === withoutPort(host);
