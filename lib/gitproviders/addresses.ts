/** Where a git host's pages and its REST interface are. Pure. */
import type { GitHostType } from "@/lib/contract/external-auth";

const DEFAULT_API = {
  github: "https://api.github.com",
  gitlab: "https://gitlab.com/api/v4",
  forgejo: "https://codeberg.org/api/v1",
} satisfies Record<GitHostType, string>;

/** The REST interface, without a trailing slash. */
export const apiBaseUrlOf = (type: GitHostType, given?: string): string =>
  (given ?? DEFAULT_API[type]).replace(/\/+$/, "");

/** The web address that belongs to a REST interface: `https://host/api/v3` → `https://host`. */
export function webUrlOf(apiBaseUrl: string): string {
  const url = new URL(apiBaseUrl);
  // github.com, and tenants of ghe.com, keep their interface on a host of its own.
  if (url.hostname === "api.github.com" || /^api\.[^.]+\.ghe\.com$/.test(url.hostname)) {
    return `${url.protocol}//${url.host.slice("api.".length)}`;
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "").replace(/\/api(\/v\d+)?$/, "")}`;
}
