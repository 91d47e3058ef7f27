/** The allow-list of a sandbox: which host and port may be asked for. Pure. */
import { isIP } from "node:net";

export type EgressRule = {
  /** `example.com`, `*.example.com` (any depth below, not the name itself) or a literal address. */
  hosts: readonly string[];
};

const WEB_PORTS = [80, 443];

/** Null when allowed, else the reason for a person. */
export function refusalOf(rule: EgressRule, target: { host: string; port: number }): string | null {
  const host = target.host.toLowerCase().replace(/\.$/, "");
  if (!rule.hosts.some((pattern) => matches(pattern, host))) return "the host is not on the workspace's list";
  if (!WEB_PORTS.includes(target.port)) return "only ports 80 and 443 are allowed";
  return null;
}

function matches(pattern: string, host: string): boolean {
  const wanted = pattern.toLowerCase().replace(/\.$/, "");
  if (!wanted.startsWith("*.")) return wanted === host;
  return isIP(host) === 0 && host.endsWith(wanted.slice(1)) && host.length > wanted.length - 1;
}

/** A private address is allowed only when the list names that very address: whoever wrote it meant it. */
export const isPrivateListed = (rule: EgressRule, address: string): boolean => rule.hosts.includes(address);

/** Host and port of `host:port` or `[v6]:port`; undefined when it is neither. */
export function parseAuthority(authority: string): { host: string; port: number } | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/i.exec(authority);
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) return undefined;
  return { host: match[1].replace(/^\[|\]$/g, "").toLowerCase(), port };
}
