/** A branch that the workspace may push: the one that is checked out, else a new one for this chat. */

import { refusalOfUpdate } from "@/lib/contract/push-policy";
import type { CommitAs, GitTarget } from "@/lib/contract/workspace-agent";
import { askGit, readGit } from "./git";
import { ToolError } from "./tool-error";

/** Names that are tried before a person has to choose one. */
const MAX_NAMES = 100;
/** Any commit: a branch is not deleted by it. */
const SOME_COMMIT = "1";

/** Makes and checks out a branch when the current one could not be pushed, or there is none. Files stay as they are. */
export async function ensureBranch(
  root: string,
  { rules, branch: wanted }: Pick<GitTarget, "rules" | "branch">,
): Promise<{ branch: string; isNew: boolean }> {
  const current = await askGit(root, ["symbolic-ref", "--quiet", "--short", "HEAD"]);
  const hasRemote = (await askGit(root, ["remote"])) !== "";
  const defaultBranch = await findDefaultBranch(root);
  const isAllowed = (branch: string) =>
    refusalOfUpdate(rules, { ref: `refs/heads/${branch}`, newId: SOME_COMMIT }, defaultBranch) === null;
  if (current !== null && (!hasRemote || isAllowed(current))) return { branch: current, isNew: false };
  for (let count = 1; count <= MAX_NAMES; count++) {
    const branch = count === 1 ? wanted : `${wanted}-${count}`;
    if ((await isTaken(root, branch)) || !isAllowed(branch)) continue;
    await readGit(root, ["switch", "--quiet", "--create", branch]);
    return { branch, isNew: true };
  }
  throw new ToolError(
    `There are too many branches like ${wanted}. Check out one whose name fits the template's rules.`,
  );
}

/** What the remote calls its main branch, as the clone was told; null when it was not. */
async function findDefaultBranch(root: string): Promise<string | null> {
  const name = await askGit(root, ["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
  return name?.replace(/^origin\//, "") ?? null;
}

async function isTaken(root: string, branch: string): Promise<boolean> {
  for (const ref of [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`]) {
    if ((await askGit(root, ["rev-parse", "--verify", "--quiet", ref])) !== null) return true;
  }
  return false;
}

/** Git's environment for commits by that person. */
export const authorEnvironment = ({ name, email }: CommitAs): Record<string, string> => ({
  GIT_AUTHOR_NAME: name,
  GIT_AUTHOR_EMAIL: email,
  GIT_COMMITTER_NAME: name,
  GIT_COMMITTER_EMAIL: email,
});
