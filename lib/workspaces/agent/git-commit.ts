/** Commits and pushes what the workspace holds, as a person would who presses a button. The broker judges every push. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { CommitArguments, CommitResult, GitTarget, PushResult } from "@/lib/contract/workspace-agent";
import { askGit, chooseRepository, git, readGit, wordsOf } from "./git";
import { authorEnvironment, ensureBranch } from "./git-branch";
import { readStatus } from "./git-status";
import type { ProgramResult } from "./run-program";
import { storable } from "./text";
import { ToolError } from "./tool-error";

type Place = { workspaceDir: string; environment: Record<string, string> };

/** Hooks run as they do for anybody: a linter over a large repository needs its time. */
const COMMIT_MS = 120_000;
/** A large history over a slow line; less than the server waits. */
const PUSH_MS = 130_000;
/** Of a list of paths in an error. */
const MAX_NAMED = 10;

/** Everything that is not ignored, in one commit. @throws ToolError when there is nothing, or a conflict. */
export async function gitCommit({ workspaceDir, environment }: Place, args: CommitArguments): Promise<CommitResult> {
  const root = await chooseRepository(workspaceDir, args.repository);
  const status = await readStatus(root);
  const conflicts = status.entries.filter(({ kind }) => kind === "conflicted").map(({ path }) => storable(path));
  if (conflicts.length > 0) {
    throw new ToolError(`These files have conflicts: ${named(conflicts)}. Resolve them before committing.`);
  }
  await refuseUnfinished(root);
  if (status.entries.length === 0)
    throw new ToolError("There is nothing to commit: no file differs from the last commit.");
  const { branch, isNew } = await ensureBranch(root, args);
  // A repository inside is nobody's file here.
  const excluded = status.nested.map((path) => `:(top,exclude,literal)${path}`);
  await readGit(root, ["--no-literal-pathspecs", "add", "--all", "--", ":(top)", ...excluded], {
    timeoutMs: COMMIT_MS,
  });
  await readGit(root, ["commit", "--quiet", "--no-gpg-sign", "--cleanup=whitespace", "--file=-"], {
    environment: { ...environment, ...authorEnvironment(args.author) },
    input: args.message,
    timeoutMs: COMMIT_MS,
  });
  const commitId = (await readGit(root, ["rev-parse", "HEAD"])).trim();
  const names = await readGit(root, ["diff-tree", "--root", "-r", "-z", "--name-only", "--no-commit-id", "HEAD"]);
  return { root, branch, isBranchNew: isNew, commitId, changedFiles: names.split("\0").filter(Boolean).length };
}

/** A rebase commits by itself; a commit in its middle would be lost on the way. */
async function refuseUnfinished(root: string): Promise<void> {
  for (const name of ["rebase-merge", "rebase-apply"]) {
    const path = await askGit(root, ["rev-parse", "--git-path", name]);
    if (path && existsSync(resolve(root, path))) {
      throw new ToolError("A rebase is under way. Let the agent finish or abort it before committing.");
    }
  }
}

const named = (paths: readonly string[]): string =>
  paths.slice(0, MAX_NAMED).join(", ") + (paths.length > MAX_NAMED ? ` and ${paths.length - MAX_NAMED} more` : "");

/** The current branch, or a new one when the current may not be pushed. @throws ToolError with the host's reason. */
export async function gitPush({ workspaceDir, environment }: Place, args: GitTarget): Promise<PushResult> {
  const root = await chooseRepository(workspaceDir, args.repository);
  const commitId = await askGit(root, ["rev-parse", "--verify", "--quiet", "HEAD"]);
  if (commitId === null) throw new ToolError("There is nothing to push: the repository has no commit yet.");
  const origin = await askGit(root, ["config", "--get", "remote.origin.url"]);
  if (!origin) throw new ToolError("There is nowhere to push to: the repository has no remote named origin.");
  const { branch } = await ensureBranch(root, args);
  const ref = `refs/heads/${branch}`;
  const pushed = await git(root, ["push", "--porcelain", "--set-upstream", "origin", `${ref}:${ref}`], {
    environment,
    timeoutMs: PUSH_MS,
  });
  if (pushed.exitCode !== 0) throw new ToolError(pushRefusal(pushed));
  return { root, branch, origin: storable(origin), commitId, isUpToDate: /^=\t/m.test(pushed.output) };
}

/** Why a push failed: what the remote said, else git's own words. Pure. */
export function pushRefusal(result: Pick<ProgramResult, "errors" | "output" | "exitCode" | "isCut">): string {
  const rejected = /^!\t[^\t]*\t\[(?:remote )?rejected\] \(([\s\S]+?)\)$/m.exec(result.output)?.[1];
  if (rejected === "non-fast-forward" || rejected === "fetch first") {
    return "The branch on the remote has commits that are not here. Have the agent merge or rebase them, then push again.";
  }
  const remote = [...result.errors.matchAll(/^(?:remote:|error: remote unpack failed:) (.*\S)\s*$/gm)].map(
    (match) => match[1],
  );
  const reasons = [...new Set([...(rejected ? [rejected] : []), ...remote])];
  if (reasons.length > 0) return storable(`The push was refused: ${reasons.join(" ").slice(0, 2_000)}`);
  return `The push failed: ${wordsOf(result as ProgramResult)}`;
}
