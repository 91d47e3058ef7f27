/**
 * Looks at one group of references: those of one person and one remote, so that the host and token are found once and a
 * limit stops the whole group. Tells the store what it saw; claims nothing.
 */
import { isDeepStrictEqual } from "node:util";
import type { Clock } from "@/lib/clock";
import { isGitHostError } from "@/lib/gitproviders/git-host-error";
import type { GitHost, HostAccess, PullRequest, PullRequestRef } from "@/lib/gitproviders/port";
import type { ConfiguredHost, GitHosts } from "@/lib/gitproviders/registry";
import { parseRemote } from "@/lib/gitproviders/remote";
import { log } from "@/lib/log";
import { type Budget, BudgetSpent } from "./budget";
import { dueAfterError, dueAfterLook, dueWithoutToken } from "./intervals";
import type { ClaimedReference, SyncOutcome, SyncStore } from "./store";

export type RefreshParts = {
  store: SyncStore;
  hosts: GitHosts;
  clock: Clock;
  budget: Budget;
  /** The person's token for the host, or the installation's. */
  resolveToken(options: {
    userId: string;
    configured: ConfiguredHost;
    signal: AbortSignal;
  }): Promise<{ token: string; source: "own" | "shared" } | null>;
  /** The host refused the person's token. */
  onRefused(options: { userId: string; providerId: string; failure: string }): Promise<void>;
  /** Something that a viewer sees has changed. */
  onChange(reference: ClaimedReference): void;
  /** A pull request was seen; what reviewers say of it may be of interest. */
  onSeen?(
    reference: ClaimedReference,
    seen: { pullRequest: PullRequest; access: HostAccess; ref: PullRequestRef; host: GitHost },
  ): Promise<void>;
};

/** Never throws: what fails is the outcome of its references. An abort leaves the leases to run out. */
export async function refreshGroup(
  parts: RefreshParts,
  group: readonly ClaimedReference[],
  signal: AbortSignal,
): Promise<void> {
  const [first] = group;
  if (!first) return;
  const pending = new Set(group);
  try {
    const configured = findHost(parts.hosts, first);
    if (!configured) return await saveAll(parts, group, withoutToken(unconfiguredText(first)));
    await refreshAt(parts, { group, pending, configured, ownerId: first.ownerId, signal });
  } catch (error) {
    if (signal.aborted) return;
    if (!isGitHostError(error)) log.error("looking at pull requests failed", { err: error });
    const rest = [...pending];
    await (error instanceof BudgetSpent
      ? postpone(parts, rest, dueAfterError(error, parts.clock.now()))
      : saveAll(parts, rest, failed(parts, error))
    ).catch((err: unknown) => log.error("outcome of a look at pull requests not saved", { err }));
  }
}

/** What names the host: the pull request's address, else the remote. */
export const findHost = (hosts: GitHosts, { url, origin }: { url: string | null; origin: string }) =>
  (url ? hosts.findByUrl(url) : undefined) ?? hosts.findByRemote(origin);

const unconfiguredText = ({ origin, url }: ClaimedReference): string => {
  const host = parseRemote(origin)?.host ?? (url ? URL.parse(url)?.host : undefined);
  return host
    ? `No git host is configured for ${host}. An administrator can add it.`
    : "The remote is no address of a git host, so its pull requests cannot be followed.";
};

type At = {
  group: readonly ClaimedReference[];
  /** Those whose outcome is not saved yet. */
  pending: Set<ClaimedReference>;
  configured: ConfiguredHost;
  ownerId: string;
  signal: AbortSignal;
};

async function refreshAt(parts: RefreshParts, { group, pending, configured, ownerId, signal }: At): Promise<void> {
  const { entry, host } = configured;
  const resolved = await parts.resolveToken({ userId: ownerId, configured, signal });
  if (!resolved)
    return saveAll(parts, group, withoutToken(`Link your account on ${entry.webUrl} to follow pull requests.`));
  const scope = `${entry.id}:${resolved.source === "own" ? ownerId : "shared"}`;
  const waitMs = await parts.store.findLimitMs({ scope });
  if (waitMs > 0) return postpone(parts, group, waitMs);
  const isUrgent = group.some(({ isHinted }) => isHinted);
  const access: HostAccess = {
    token: resolved.token,
    signal,
    beforeAsking: () => parts.budget.check(scope, { isUrgent }),
    onLimits: (limits) => parts.budget.note(scope, limits),
  };
  try {
    await look(parts, { wanted: group, pending, host, access });
  } catch (error) {
    const isLimit = isGitHostError(error) && error.kind === "rate_limited" && !(error instanceof BudgetSpent);
    if (isLimit) {
      await parts.store.saveLimit({ scope, waitMs: dueAfterError(error, parts.clock.now()) });
    }
    if (isGitHostError(error) && error.kind === "unauthorized" && resolved.source === "own") {
      await parts.onRefused({ userId: ownerId, providerId: entry.id, failure: error.message });
    }
    throw error;
  }
}

/** Nothing is asked before a limit ends. */
async function postpone(parts: RefreshParts, group: readonly ClaimedReference[], waitMs: number): Promise<void> {
  await Promise.all(
    group.map((reference) => parts.store.save(reference, { syncError: reference.syncError, dueInMs: waitMs })),
  );
}

type Look = Pick<At, "pending"> & { wanted: readonly ClaimedReference[]; host: GitHost; access: HostAccess };
type Found = { reference: ClaimedReference; ref: PullRequestRef };

async function look(parts: RefreshParts, { wanted, pending, host, access }: Look): Promise<void> {
  const done = async (reference: ClaimedReference, outcome: SyncOutcome) => {
    pending.delete(reference);
    await saveOne(parts, reference, outcome);
  };
  const found: Found[] = [];
  for (const reference of wanted) {
    const ref = await findRef(host, access, reference);
    if (ref instanceof Error) await done(reference, failed(parts, ref));
    else if (ref) found.push({ reference, ref });
    else await done(reference, seen(null, reference));
  }
  for (const inRepository of groupBy(found, ({ ref }) => `${ref.repository.owner}/${ref.repository.name}`)) {
    const numbers = inRepository.map(({ ref }) => ref.number);
    const fresh = new Set(inRepository.flatMap(({ reference, ref }) => (reference.isHinted ? [ref.number] : [])));
    const { repository } = inRepository[0]!.ref;
    const results = await host.getPullRequests(access, { repository, numbers, fresh });
    for (const [index, { reference, ref }] of inRepository.entries()) {
      const result = results[index]!;
      await done(reference, result instanceof Error ? failed(parts, result) : seen(result, reference));
      if (!(result instanceof Error)) await parts.onSeen?.(reference, { pullRequest: result, access, ref, host });
    }
  }
}

const seen = (pullRequest: PullRequest | null, { sincePushMs }: ClaimedReference): SyncOutcome => ({
  pullRequest,
  syncError: null,
  dueInMs: dueAfterLook(pullRequest, sincePushMs),
});

/** An error is this reference's own; a limit or a refused token is the group's and is thrown. */
async function findRef(
  host: GitHost,
  access: HostAccess,
  reference: ClaimedReference,
): Promise<PullRequestRef | undefined | Error> {
  const known = reference.url ? host.parsePullRequestUrl(reference.url) : undefined;
  const repository = parseRemote(reference.origin);
  // Work may go on in a branch whose pull request is over: the next one is looked for then.
  const isOver = reference.known !== null && reference.known.state !== "open";
  const isSearched = repository && reference.branch !== "" && (!known || (isOver && reference.isHinted));
  if (!isSearched) return known;
  try {
    return (await host.findPullRequest(access, { repository, branch: reference.branch })) ?? known;
  } catch (error) {
    const isOwn = isGitHostError(error) && error.kind !== "rate_limited" && error.kind !== "unauthorized";
    if (!isOwn) throw error;
    return error;
  }
}

const failed = ({ clock }: RefreshParts, error: unknown): SyncOutcome => ({
  syncError: isGitHostError(error) ? error.message : "Looking at the git host failed; it is tried again.",
  dueInMs: dueAfterError(error, clock.now()),
});

const withoutToken = (syncError: string): SyncOutcome => ({ syncError, dueInMs: dueWithoutToken });

async function saveAll(
  parts: RefreshParts,
  references: readonly ClaimedReference[],
  outcome: SyncOutcome,
): Promise<void> {
  for (const reference of references) await saveOne(parts, reference, outcome);
}

async function saveOne(parts: RefreshParts, reference: ClaimedReference, outcome: SyncOutcome): Promise<void> {
  const isSaved = await parts.store.save(reference, outcome);
  if (isSaved && isVisible(reference, outcome)) parts.onChange(reference);
}

/** Whether a viewer sees a difference. */
function isVisible({ known, syncError }: ClaimedReference, outcome: SyncOutcome): boolean {
  if (outcome.syncError !== syncError) return true;
  const { pullRequest } = outcome;
  if (!pullRequest) return pullRequest === null && known !== null;
  // Figures take these from the row; nobody is shown them.
  const { createdAt: _created, mergedAt: _merged, ...shown } = pullRequest;
  return !isDeepStrictEqual(shown, known);
}

/** Lists of what has the same key, in order of its first. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()];
}
