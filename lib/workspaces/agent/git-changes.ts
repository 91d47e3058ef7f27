/**
 * What differs in the workspace's repositories from their last commits, for people. Looks only: what is new is listed in a
 * copy of the index, so that the repository's own stays as it is.
 */
import { createHash } from "node:crypto";
import { copyFile, lstat, mkdtemp, rm, stat, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { ChangedFile, FileChange, WorkingTree } from "@/lib/contract/working-tree";
import type { ChangesResult, SeenRepository } from "@/lib/contract/workspace-agent";
import { askGit, findRepositories, git, readGit } from "./git";
import { type RepositoryStatus, readStatus } from "./git-status";
import { storable } from "./text";
import { ToolError } from "./tool-error";

/** Of one workspace: what a browser shows without help. */
const MAX_DIFF_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 10_000;
const DIFF_OPTIONS = ["--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty", "-M"];

/** `known`: fingerprints by root, of what the asker has. What is as it was comes without its content. */
export async function gitChanges(workspaceDir: string, known: Record<string, string>): Promise<ChangesResult> {
  const repositories: SeenRepository[] = [];
  let diffBytes = MAX_DIFF_BYTES;
  for (const root of await findRepositories(workspaceDir)) {
    const seen = await look(root, { known: known[root], diffBytes });
    if (seen.tree) diffBytes -= Buffer.byteLength(seen.tree.unified_diff);
    repositories.push(seen);
  }
  return { repositories };
}

type Look = { known: string | undefined; diffBytes: number };

async function look(root: string, { known, diffBytes }: Look): Promise<SeenRepository> {
  try {
    const status = await readStatus(root);
    const origin = await askGit(root, ["config", "--get", "remote.origin.url"]);
    const isPublished = await isInRemote(root, status);
    const fingerprint = await fingerprintOf(root, { status, origin, isPublished });
    if (fingerprint === known) return { root, fingerprint, tree: null };
    const changes = status.entries.length > 0 ? await readChanges(root, { status, diffBytes }) : NO_CHANGES;
    return { root, fingerprint, tree: { ...headOf(root, { status, origin, isPublished }), ...changes } };
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    const fingerprint = `error ${error.message}`;
    if (fingerprint === known) return { root, fingerprint, tree: null };
    return { root, fingerprint, tree: { ...headOf(root, null), ...NO_CHANGES, error: error.message } };
  }
}

const NO_CHANGES = { files: [], file_count: 0, additions: 0, deletions: 0, unified_diff: "", truncated: false };

type Known = { status: RepositoryStatus; origin: string | null; isPublished: boolean };

/** Submodules stand at commits of no branch, and a new branch at one of another's. */
async function isInRemote(root: string, { head, ahead }: RepositoryStatus): Promise<boolean> {
  if (head === null || ahead === 0) return head !== null;
  return Boolean(await askGit(root, ["for-each-ref", "--count=1", `--contains=${head}`, "refs/remotes"]));
}

const headOf = (root: string, known: Known | null) => ({
  root,
  branch: known?.status.branch ?? null,
  head: known?.status.head ?? null,
  upstream: known?.status.upstream ?? null,
  is_published: known?.isPublished ?? false,
  ahead: known?.status.ahead ?? null,
  behind: known?.status.behind ?? null,
  remote_origin: known?.origin ? storable(known.origin) : null,
  removed: false,
  error: null,
});

/** Git's own list, and when and how long each file that is in it was last written. */
async function fingerprintOf(root: string, { status, origin, isPublished }: Known): Promise<string> {
  const hash = createHash("sha256").update(status.text).update(`\0${origin}\0${isPublished}\0`);
  for (const { path } of status.entries.slice(0, MAX_FILES)) {
    const file = await lstat(join(root, path), { bigint: true }).catch(() => undefined);
    hash.update(`${file?.mtimeNs} ${file?.ctimeNs} ${file?.size}\0`);
  }
  return hash.digest("hex");
}

type Read = { status: RepositoryStatus; diffBytes: number };
type Changes = Pick<WorkingTree, "files" | "file_count" | "additions" | "deletions" | "unified_diff" | "truncated">;

async function readChanges(root: string, { status, diffBytes }: Read): Promise<Changes> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-index-"));
  try {
    const environment = { GIT_INDEX_FILE: join(folder, "index") };
    await copyIndex(root, environment.GIT_INDEX_FILE);
    const paths = status.entries.filter(({ kind }) => kind === "untracked").map(({ path }) => path);
    if (paths.length > 0) {
      const add = ["add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul"];
      await readGit(root, add, { environment, input: paths.join("\0") });
    }
    const base = status.head ?? (await readGit(root, ["hash-object", "-t", "tree", "/dev/null"])).trim();
    const counted = await readGit(root, ["diff", base, "--raw", "--numstat", "-z", ...DIFF_OPTIONS], { environment });
    const files = describeFiles(parseCounts(counted), status);
    return { ...summed(files), ...(await readDiff(root, { base, environment, diffBytes })) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function copyIndex(root: string, target: string): Promise<void> {
  const path = (await readGit(root, ["rev-parse", "--git-path", "index"])).trim();
  try {
    const { atime, mtime } = await stat(resolve(root, path));
    await copyFile(resolve(root, path), target);
    // By its age git knows which files it has to read, since they were written in the index's own second.
    await utimes(target, atime, mtime);
  } catch {
    // A repository before its first file has none.
  }
}

type ReadDiff = { base: string; environment: Record<string, string>; diffBytes: number };

async function readDiff(root: string, { base, environment, diffBytes }: ReadDiff) {
  const args = ["diff", base, "--patch", "--src-prefix=a/", "--dst-prefix=b/", ...DIFF_OPTIONS];
  const { output, isCut, exitCode } = await git(root, args, { environment, maxBytes: Math.max(1, diffBytes) });
  const isWhole = exitCode === 0 && !isCut;
  // The file that was cut goes too.
  const text = isWhole ? output : output.slice(0, Math.max(0, output.lastIndexOf("\ndiff --git ") + 1));
  return { unified_diff: storable(text), truncated: !isWhole };
}

type Counted = Omit<ChangedFile, "change"> & { letter: string };

/** Of `git diff --raw --numstat -z`: first what happened to each path, then how many lines. Pure. */
export function parseCounts(text: string): Counted[] {
  const fields = text.split("\0");
  const files = new Map<string, Counted>();
  for (let index = 0; index < fields.length; ) {
    const field = fields[index]!;
    if (field.startsWith(":")) {
      const letter = field.split(" ")[4]?.[0] ?? "M";
      const isPair = letter === "R" || letter === "C";
      const [first = "", second = ""] = fields.slice(index + 1, index + 3);
      const path = isPair ? second : first;
      files.set(path, {
        path,
        old_path: isPair ? first : null,
        letter,
        additions: null,
        deletions: null,
        binary: false,
      });
      index += isPair ? 3 : 2;
      continue;
    }
    const [additions, deletions, path] = splitCounts(field);
    const isPair = path === "";
    const file = files.get(isPair ? (fields[index + 2] ?? "") : (path ?? ""));
    if (file && additions !== undefined) {
      file.binary = additions === "-";
      file.additions = file.binary ? null : Number(additions);
      file.deletions = file.binary ? null : Number(deletions);
    }
    index += isPair ? 3 : 1;
  }
  return [...files.values()];
}

/** A path may hold tabs. */
function splitCounts(field: string): [string?, string?, string?] {
  const match = /^(-|\d+)\t(-|\d+)\t([\s\S]*)$/.exec(field);
  return match ? [match[1], match[2], match[3]] : [];
}

const LETTERS: Record<string, FileChange> = {
  A: "added",
  M: "modified",
  D: "deleted",
  R: "renamed",
  C: "copied",
  T: "type_changed",
  U: "conflicted",
};

function describeFiles(counted: readonly Counted[], { entries }: RepositoryStatus): ChangedFile[] {
  const kinds = new Map(entries.map(({ path, kind }) => [path, kind]));
  return counted
    .map(({ letter, ...file }): ChangedFile => {
      const kind = kinds.get(file.path);
      const change = kind === "untracked" || kind === "conflicted" ? kind : (LETTERS[letter] ?? "modified");
      return { ...file, path: storable(file.path), old_path: file.old_path && storable(file.old_path), change };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

const summed = (files: readonly ChangedFile[]) => ({
  files: files.slice(0, MAX_FILES),
  file_count: files.length,
  additions: files.reduce((sum, file) => sum + (file.additions ?? 0), 0),
  deletions: files.reduce((sum, file) => sum + (file.deletions ?? 0), 0),
});
