/** A person commits and pushes what a chat's workspace holds. Runs inside the sandbox; the broker judges the push. */

import type { Committed, Pushed } from "@/lib/contract/working-tree";
import type { CommitArguments, CommitResult, GitTarget, PushResult } from "@/lib/contract/workspace-agent";
import { markPushed } from "@/lib/gitsync/mark-stale";
import { resolveAuthor } from "./author";
import { branchNameFor } from "./branch-name";
import { pokeViewers } from "./changes";
import { type Call, operate, type PlaceWithWorkspace, type RepositoryParts, reachRepositories } from "./parts";

/** Over the agent's own deadlines, so that its reason comes first. */
const DEADLINE_MS = 140_000;

const targetOf = (place: PlaceWithWorkspace, repository: string | undefined): GitTarget => {
  const rules = place.workspace.config.push ?? {};
  return { branch: branchNameFor(place, rules), rules, ...(repository !== undefined && { repository }) };
};

/** @throws ApiError `not_found`; `conflict` with the reason: no workspace, nothing to commit, files in conflict, a hook. */
export async function commitChanges(
  parts: RepositoryParts,
  { repository, message, ...call }: Call & { repository?: string | undefined; message: string },
): Promise<Committed> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const { place, connection } = await reachRepositories(parts, { ...call, signal });
  const { ownerId: id, ownerName: name, ownerEmail: email, workspace } = place;
  const author = await resolveAuthor(parts, { ...workspace, owner: { id, name, email } });
  const args: CommitArguments = { ...targetOf(place, repository), message, author };
  const made = await operate<CommitResult>(connection, { ...call, signal, operation: "git_commit", args });
  pokeViewers(parts, place);
  return {
    repository: made.root,
    branch: made.branch,
    branch_created: made.isBranchNew,
    commit_id: made.commitId,
    changed_files: made.changedFiles,
  };
}

/** @throws ApiError `not_found`; `conflict` with the reason, the host's refusal among them. */
export async function pushBranch(
  parts: RepositoryParts,
  { repository, ...call }: Call & { repository?: string | undefined },
): Promise<Pushed> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const { place, connection } = await reachRepositories(parts, { ...call, signal });
  const args = targetOf(place, repository);
  const pushed = await operate<PushResult>(connection, { ...call, signal, operation: "git_push", args });
  const { root, branch, origin, commitId, isUpToDate } = pushed;
  // The broker tells of a push that it saw, which one of nothing is not.
  if (isUpToDate) await markPushed(parts, { workspaceId: place.workspace.id, branch, origin });
  pokeViewers(parts, place);
  return { repository: root, branch, remote_origin: origin, commit_id: commitId, up_to_date: isUpToDate };
}
