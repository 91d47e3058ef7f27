/** A person names what a chat follows: a branch of a remote, or a pull request's address. Asks no host. */
import { ApiError } from "@/lib/contract/errors";
import type { PutGitReferenceRequest } from "@/lib/contract/git";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { linkReference, type Marker } from "./mark-stale";

/** @throws ApiError `not_found`, `unprocessable` for a page of a configured host that is no pull request. */
export async function putGitReference(
  parts: Marker & { hosts: GitHosts },
  { chatId, ownerId, body }: { chatId: string; ownerId: string; body: PutGitReferenceRequest },
): Promise<void> {
  const { url, git_branch: branch, git_remote_origin: origin } = body;
  await linkReference(parts, { chatId, ownerId, branch, url, origin: origin ?? originOf(parts.hosts, url) });
}

/** The repository a pull request is in, so that hints about it find the chat. */
function originOf(hosts: GitHosts, url: string | null | undefined): string | undefined {
  const host = url ? hosts.findByUrl(url)?.host : undefined;
  if (!url || !host) return undefined;
  const pull = host.parsePullRequestUrl(url);
  if (!pull) throw new ApiError("unprocessable", `${url} is not the address of a pull request.`);
  return `${host.webUrl}/${pull.repository.owner}/${pull.repository.name}`;
}
