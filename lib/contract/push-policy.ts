/**
 * Which refs a workspace may push. Pure: the broker asks for every ref of every push, the workspace agent before it names
 * a branch, and the model is told beforehand.
 */
import type { PushRules } from "./workspaces";

/** Agents' branches are told apart from people's. */
export const DEFAULT_BRANCH_PREFIX = "slipway/";

const HEADS = "refs/heads/";
const TAGS = "refs/tags/";

/** Null when the update is allowed, else the reason for git to print. `defaultBranch` is null where it is not known. */
export function refusalOfUpdate(
  rules: PushRules,
  { ref, newId }: { ref: string; newId: string },
  defaultBranch: string | null,
): string | null {
  if (/^0+$/.test(newId) && !rules.allow_deletes) return "deleting refs is not allowed here";
  if (ref.startsWith(TAGS)) return rules.allow_tags ? null : "pushing tags is not allowed here";
  if (!ref.startsWith(HEADS)) return "only branches may be pushed";
  const branch = ref.slice(HEADS.length);
  if (branch === defaultBranch) {
    return rules.allow_default_branch ? null : `${branch} is the default branch; push a branch and open a pull request`;
  }
  const prefix = rules.branch_prefix ?? DEFAULT_BRANCH_PREFIX;
  if (branch.startsWith(prefix) && branch.length > prefix.length) return null;
  return `branches must begin with ${prefix}, for example: git push origin HEAD:${prefix}${branch.replace(/^\/+/, "")}`;
}

/** The same rules for a model to follow, a sentence each. */
export function describePushRules(rules: PushRules): string[] {
  const prefix = rules.branch_prefix ?? DEFAULT_BRANCH_PREFIX;
  return [
    prefix === ""
      ? "Branches may have any name."
      : `Branches must begin with ${prefix}, ${prefix}fix-login for example. Make one before your first commit: git switch -c ${prefix}<a few words>.`,
    rules.allow_default_branch
      ? "The default branch may be pushed, when the task asks for that."
      : "The default branch cannot be pushed: push a branch of your own, for a pull request.",
    rules.allow_tags ? "Tags may be pushed." : "Tags cannot be pushed.",
    rules.allow_deletes ? "Branches may be deleted at the remote." : "Nothing can be deleted at the remote.",
  ];
}
