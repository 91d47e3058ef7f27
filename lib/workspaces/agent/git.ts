/** Runs git for the server inside the workspace, and finds its repositories. Starts no program that a repository names but its hooks. */
import { existsSync } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { GIT_OPTIONS } from "./find-files";
import { type ProgramOptions, type ProgramResult, runProgram } from "./run-program";
import { storable } from "./text";
import { ToolError } from "./tool-error";

/** Repositories of one workspace; more are no work that a person looks at. */
const MAX_REPOSITORIES = 20;
/** Folders that are looked into for them. */
const MAX_FOLDERS = 500;
/** `/workspace/group/project`; below a repository only its own folders, since what is deeper is vendored. */
const MAX_DEPTH = 2;

/** Of git's own words in an error. */
const MAX_WORDS = 2_000;

const OPTIONS = [...GIT_OPTIONS, "-c", "core.quotepath=false", "-c", "core.bigFileThreshold=8m"];

/** Paths are names, never patterns, and files above 8 MiB are compared as binary ones. */
export const git = (root: string, args: string[], options?: ProgramOptions): Promise<ProgramResult> =>
  runProgram("git", ["--literal-pathspecs", ...OPTIONS, ...args], root, options);

/** What git prints. @throws ToolError with git's own words. */
export async function readGit(root: string, args: string[], options?: ProgramOptions): Promise<string> {
  const result = await git(root, args, options);
  if (result.exitCode === 0) return result.output;
  throw new ToolError(wordsOf(result));
}

/** What git prints, without its last line end; null when it fails. */
export async function askGit(root: string, args: string[]): Promise<string | null> {
  const { exitCode, output } = await git(root, args);
  return exitCode === 0 ? output.replace(/\n$/, "") : null;
}

/** Why git failed, in its own words. */
export function wordsOf({ errors, output, exitCode, isCut }: ProgramResult): string {
  const words = (errors.trim() || output.trim()).slice(-MAX_WORDS);
  if (isCut || exitCode === null) return `git took too long or printed too much. ${words}`.trim();
  return storable(words) || `git ended with exit code ${exitCode}.`;
}

/** Folders with a repository, the workspace's own first, then by name; the submodules that they have come last. */
export async function findRepositories(workspaceDir: string, max = MAX_REPOSITORIES): Promise<string[]> {
  const found: string[] = [];
  const open = [{ folder: workspaceDir, depth: 0, isInside: false }];
  for (let looked = 0; open.length > 0 && looked < MAX_FOLDERS && found.length < max; looked++) {
    const { folder, depth, isInside } = open.shift()!;
    const entry = await lstat(join(folder, ".git")).catch(() => undefined);
    // Below a repository a file says that it is the repository's own: a submodule, which comes later, or a work tree.
    const isRepository = entry?.isDirectory() === true || (entry?.isFile() === true && !isInside);
    if (isRepository) found.push(folder);
    if (depth >= (isInside || isRepository ? 1 : MAX_DEPTH)) continue;
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const names = entries.filter((each) => each.isDirectory()).map(({ name }) => name);
    for (const name of names.sort()) {
      if (name.startsWith(".") || name === "node_modules") continue;
      open.push({ folder: join(folder, name), depth: depth + 1, isInside: isInside || isRepository });
    }
  }
  // It grows while it is read: a submodule may have its own.
  for (const root of found) {
    if (found.length >= max) break;
    found.push(...(await submodulesOf(root)).filter((folder) => !found.includes(folder)));
  }
  return found.slice(0, max);
}

/** As `.gitmodules` names them, those that are checked out. */
async function submodulesOf(root: string): Promise<string[]> {
  if (!existsSync(join(root, ".gitmodules"))) return [];
  const listing = ["config", "--file", ".gitmodules", "--null", "--get-regexp", "^submodule\\..*\\.path$"];
  const { output } = await git(root, listing);
  return output
    .split("\0")
    .map((entry) => join(root, entry.slice(entry.indexOf("\n") + 1)))
    .filter((folder) => folder.startsWith(`${root}/`) && existsSync(join(folder, ".git")));
}

/** The repository that is meant: by its folder, else the workspace's own, else the only one. @throws ToolError. */
export async function chooseRepository(workspaceDir: string, wanted: string | undefined): Promise<string> {
  const repositories = await findRepositories(workspaceDir);
  if (wanted !== undefined) {
    const root = resolve(workspaceDir, wanted);
    if (repositories.includes(root)) return root;
    throw new ToolError(`There is no repository at ${wanted}. ${listed(repositories)}`);
  }
  const [first] = repositories;
  if (first === undefined) throw new ToolError("The workspace has no git repository.");
  if (first === workspaceDir || repositories.length === 1) return first;
  throw new ToolError(`Say which repository is meant. ${listed(repositories)}`);
}

const listed = (repositories: readonly string[]): string =>
  repositories.length > 0 ? `There are: ${repositories.join(", ")}.` : "The workspace has none.";
