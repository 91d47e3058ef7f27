/** A person opens a pull request for what a chat pushed. The chat follows it from then on. */
import { findGitReference } from "@/db/queries/git-references";
import { createSyncStore } from "@/db/queries/git-sync";
import { ApiError, notFound } from "@/lib/contract/errors";
import type { CreatedPullRequest } from "@/lib/contract/working-tree";
import { resolveToken } from "@/lib/external-auth/tokens";
import { parseRemote } from "@/lib/gitproviders/remote";
import { askHost } from "@/lib/gitsync/access";
import { linkReference } from "@/lib/gitsync/mark-stale";
import { findHost } from "@/lib/gitsync/refresh";
import type { Call, RepositoryParts } from "./parts";
import { proposePullRequest } from "./proposal";

type Wanted = { title?: string | undefined; body?: string | undefined; draft: boolean };

/** What is absent is proposed. @throws ApiError `not_found`; `conflict` without a pushed branch, or when there is one already; `unprocessable` with the host's reason. */
export async function openPullRequest(
  parts: RepositoryParts,
  { title, body, draft, ...call }: Call & Wanted,
): Promise<CreatedPullRequest> {
  const reference = await findGitReference(parts.sql, call);
  if (!reference) throw notFound();
  const { branch, origin } = reference;
  const repository = parseRemote(origin);
  if (!branch || !repository) throw new ApiError("conflict", "Nothing was pushed yet. Push a branch first.");
  const configured = findHost(parts.hosts, { url: null, origin });
  if (!configured) throw new ApiError("unprocessable", `No git host is configured for ${origin}.`);
  const { host } = configured;
  const ask = {
    hosts: parts.hosts,
    clock: parts.clock,
    store: createSyncStore(parts.sql),
    resolveToken: (options: Parameters<typeof resolveToken>[1]) => resolveToken(parts, options),
  };
  const access = { configured, userId: call.ownerId, signal: call.signal };
  const existing = await askHost(ask, access, (asked) => host.findPullRequest(asked, { repository, branch }));
  if (existing) {
    throw new ApiError("conflict", `There is a pull request for ${branch} already: number ${existing.number}.`);
  }
  const isWhole = title !== undefined && body !== undefined;
  const proposed = isWhole ? { title, body } : await proposePullRequest(parts, call);
  const wanted = { title: title ?? proposed.title, body: body ?? proposed.body, draft };
  const made = await askHost(ask, access, (asked) =>
    host.createPullRequest(asked, { ...wanted, head: branch, repository }),
  );
  const { owner, name } = made.repository;
  const url = await askHost(ask, access, async (asked) => {
    const [seen] = await host.getPullRequests(asked, { repository: { owner, name }, numbers: [made.number] });
    if (!seen || seen instanceof Error) throw seen ?? new Error(`Pull request ${made.number} was not answered.`);
    return seen.url;
  });
  await linkReference(parts, { ...call, url });
  return { ...wanted, url, number: made.number };
}
