/**
 * Snapshots of the workspace's files, in a repository of their own outside the work tree's `.git`. Each is a commit
 * without parents under a ref of its chat, so that one can be dropped alone. Ignored files are in none.
 */
import { existsSync } from "node:fs";
import { lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type {
  DropSnapshots,
  RestoredSnapshot,
  RestoreSnapshot,
  TakenSnapshot,
  TakeSnapshot,
} from "@/lib/contract/workspace-agent";
import { findRepositories, git, wordsOf } from "./git";
import type { ProgramOptions } from "./run-program";
import { ToolError } from "./tool-error";

export type Snapshots = {
  /** Undefined commit: the files are as in the one before. */
  take(args: TakeSnapshot): Promise<TakenSnapshot>;
  /** Puts the files back; first keeps them as they are. @throws ToolError when that snapshot is gone. */
  restore(args: RestoreSnapshot): Promise<RestoredSnapshot>;
  drop(args: DropSnapshots): Promise<{ dropped: number }>;
};

/** The first one of a large repository reads every file. */
const TIMEOUT_MS = 60_000;

/** What a file holds is kept to the byte: no line ends changed, no filter run. */
const ATTRIBUTES = "* -text -filter -ident -working-tree-encoding\n";

const IDENTITY = {
  GIT_AUTHOR_NAME: "Slipway",
  GIT_AUTHOR_EMAIL: "slipway@localhost",
  GIT_COMMITTER_NAME: "Slipway",
  GIT_COMMITTER_EMAIL: "slipway@localhost",
};

/** One at a time: they share an index. */
export function createSnapshots({ workspaceDir, homeDir }: { workspaceDir: string; homeDir: string }): Snapshots {
  const gitDir = join(homeDir, ".slipway", "snapshots.git");
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => {});
    return next;
  };
  const run = runner({ workspaceDir, gitDir });
  const open = () => (existsSync(gitDir) ? Promise.resolve() : create(gitDir));

  /** The commit of the files as they are now, under `ref`. */
  async function keep(ref: string, previous: string | null): Promise<string | null> {
    await open();
    await openNested(run, workspaceDir);
    const tree = await treeOfFiles(run);
    if (previous !== null && (await run.ask(["rev-parse", `${previous}^{tree}`])) === tree) return null;
    const commit = await run(["commit-tree", "-m", ref, tree], { environment: IDENTITY });
    await run(["update-ref", ref, commit]);
    return commit;
  }

  return {
    take: ({ chatId, key, previous }) => inTurn(async () => ({ commitId: await keep(refOf(chatId, key), previous) })),
    restore: ({ chatId, key, commitId }) =>
      inTurn(async () => {
        await open();
        const wanted = await run.ask(["rev-parse", "--verify", "--quiet", `${commitId}^{tree}`]);
        if (wanted === null) throw new ToolError("The snapshot of these files is gone from the workspace.");
        const before = await keep(refOf(chatId, key), null);
        if (before === null) throw new Error("Files that are kept without one before always get a commit.");
        const isChanged = (await run(["rev-parse", `${before}^{tree}`])) !== wanted;
        // The index holds what is there now, so that files which the snapshot lacks go; ignored ones are not in it.
        if (isChanged) await run(["read-tree", "--reset", "-u", commitId]);
        return { beforeCommitId: before, isChanged };
      }),
    drop: ({ keptChats, dropped }) =>
      inTurn(async () => {
        if (!existsSync(gitDir)) return { dropped: 0 };
        const refs = (await run(["for-each-ref", "--format=%(refname)", "refs/chats/"])).split("\n").filter(Boolean);
        const gone = new Set(dropped.map(({ chatId, key }) => refOf(chatId, key)));
        const kept = new Set(keptChats);
        const unwanted = refs.filter((ref) => gone.has(ref) || !kept.has(ref.split("/")[2] ?? ""));
        if (unwanted.length > 0) {
          await run(["update-ref", "--stdin"], { input: unwanted.map((ref) => `delete ${ref}\n`).join("") });
        }
        await run(["gc", "--quiet", ...(unwanted.length > 0 ? ["--prune=now"] : ["--auto"])]);
        return { dropped: unwanted.length };
      }),
  };
}

const refOf = (chatId: string, key: string): string => `refs/chats/${chatId}/${key}`;

async function create(gitDir: string): Promise<void> {
  const fresh = `${gitDir}.new`;
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { recursive: true });
  const made = await git(fresh, ["init", "--quiet", "--bare", fresh]);
  if (made.exitCode !== 0) throw new ToolError(wordsOf(made));
  await mkdir(join(fresh, "info"), { recursive: true });
  await writeFile(join(fresh, "info", "attributes"), ATTRIBUTES);
  // A killed agent leaves no half of one.
  await rename(fresh, gitDir);
}

type Run = ReturnType<typeof runner>;

function runner({ workspaceDir, gitDir }: { workspaceDir: string; gitDir: string }) {
  const excludes = join(workspaceDir, ".git", "info", "exclude");
  const settings = [
    `--git-dir=${gitDir}`,
    `--work-tree=${workspaceDir}`,
    ...["core.autocrlf=false", "core.looseCompression=1", "advice.addEmbeddedRepo=false", "gc.auto=2000"],
    `core.excludesFile=${excludes}`,
  ].flatMap((setting) => (setting.startsWith("--") ? [setting] : ["-c", setting]));
  const call = (args: string[], options: ProgramOptions = {}) =>
    git(workspaceDir, [...settings, ...args], { timeoutMs: TIMEOUT_MS, ...options });
  const run = async (args: string[], options?: ProgramOptions): Promise<string> => {
    const result = await call(args, options);
    if (result.exitCode !== 0) throw new ToolError(wordsOf(result));
    return result.output.trim();
  };
  const ask = async (args: string[]): Promise<string | null> => {
    const { exitCode, output } = await call(args);
    return exitCode === 0 ? output.trim() : null;
  };
  return Object.assign(run, { ask, call, gitDir });
}

/** More than people look at: what is left out would not come back. */
const MAX_OPENED = 100;
/** Enough for the name of one file. */
const FIRST_NAME_BYTES = 8_192;

/**
 * Git takes a repository below the work tree for a commit of its own and looks no further, unless the index has a file of
 * it: it gets its first.
 */
async function openNested(run: Run, workspaceDir: string): Promise<void> {
  for (const root of await findRepositories(workspaceDir, MAX_OPENED)) {
    const path = relative(workspaceDir, root);
    if (path === "" || (await run.ask(["check-ignore", "--quiet", "--", path])) !== null) continue;
    const { output: known } = await run.call(["ls-files", "--stage", "-z", "--", path], { maxBytes: FIRST_NAME_BYTES });
    const isCommit = known.startsWith("160000 ");
    if (known !== "" && !isCommit) continue;
    if (isCommit) await run(["update-index", "--force-remove", "--", path]);
    const first = await findFirstFile(root);
    if (first !== undefined) await run(["update-index", "--add", "-z", "--stdin"], { input: `${path}/${first}\0` });
  }
}

/** By name, of those that git does not ignore and that are there. */
async function findFirstFile(root: string): Promise<string | undefined> {
  const listing = ["ls-files", "--cached", "--others", "--exclude-standard", "-z"];
  const { output, isCut } = await git(root, listing, { maxBytes: FIRST_NAME_BYTES });
  const names = output.split("\0");
  // The last one may be cut off; what ends in a slash is a repository again.
  if (isCut) names.pop();
  for (const name of names) {
    const entry = name === "" || name.endsWith("/") ? undefined : await lstat(join(root, name)).catch(() => undefined);
    if (entry?.isFile() || entry?.isSymbolicLink()) return name;
  }
  return undefined;
}

/** Some file could not be read, or a repository inside has neither commit nor file; the others were added. */
const SOME_FAILED = 1;

/** Only what changed since the last time is read: the index remembers sizes and times. */
async function treeOfFiles(run: Run): Promise<string> {
  const add = () => run.call(["add", "--all", "--ignore-errors", "."]);
  let added = await add();
  if (added.errors.includes("index.lock")) {
    // Another one was killed in its middle; nothing else uses this index.
    await rm(join(run.gitDir, "index.lock"), { force: true });
    added = await add();
  }
  if (added.exitCode !== 0 && added.exitCode !== SOME_FAILED) throw new ToolError(wordsOf(added));
  return run(["write-tree"]);
}
