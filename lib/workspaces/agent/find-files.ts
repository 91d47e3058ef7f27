/** Names of the workspace's files: the tool `list_files`, and what people find by typing a part of a path. Writes nothing. */
import { readdir } from "node:fs/promises";
import { join, matchesGlob, relative } from "node:path";
import { optionalCount, optionalText } from "./arguments";
import { findPath, type Roots } from "./paths";
import { runProgram } from "./run-program";
import { storable } from "./text";
import { fileError, ToolError } from "./tool-error";

/** More names than a large repository has; a walk beyond ends here and says so. */
const MAX_WALKED = 50_000;
const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 2_000;
/** What no person wrote; a repository's own list leaves out more. */
const SKIPPED = new Set([".git", "node_modules"]);

/** The repository's own configuration starts no program, and its owner does not matter. */
export const GIT_OPTIONS = ["-c", "core.fsmonitor=false", "-c", "safe.directory=*", "--no-pager"];

type Listing = { paths: string[]; isCut: boolean };
type ListResult = { files: string[]; total: number; note?: string };

/** Paths relative to the workspace, sorted. @throws ToolError for a folder that is not there. */
export async function listFilesTool(roots: Roots, args: Record<string, unknown>): Promise<ListResult> {
  const pattern = optionalText(args, "pattern");
  const limit = Math.min(optionalCount(args, "limit", 1) ?? DEFAULT_LIMIT, MAX_LIMIT);
  const folder = await findPath(roots, optionalText(args, "path") ?? ".", "write");
  const { paths, isCut } = await listPaths(roots, folder.real);
  const wanted = pattern ? paths.filter((path) => isMatch(path, pattern)) : paths;
  const files = wanted.slice(0, limit);
  const notes = [
    ...(wanted.length > files.length ? [`${files.length} of ${wanted.length} are shown; narrow path or pattern.`] : []),
    ...(isCut ? [`Only the first ${MAX_WALKED} files were looked at.`] : []),
  ];
  return { files, total: wanted.length, ...(notes.length > 0 ? { note: notes.join(" ") } : {}) };
}

/** The files whose paths hold the text, best first: by name from its start, by name, by path; shorter ones first. */
export async function findFiles(
  roots: Roots,
  { query, limit }: { query: string; limit: number },
): Promise<{ files: string[]; truncated: boolean }> {
  const { paths, isCut } = await listPaths(roots, roots.workspaceDir);
  const ranked = rankPaths(paths, query);
  return { files: ranked.slice(0, limit), truncated: isCut || ranked.length > limit };
}

/** Pure. An empty query matches every path. */
export function rankPaths(paths: readonly string[], query: string): string[] {
  const wanted = query.toLowerCase();
  const rank = (path: string): number => {
    const lower = path.toLowerCase();
    const name = lower.slice(lower.lastIndexOf("/") + 1);
    if (name.startsWith(wanted)) return 0;
    if (name.includes(wanted)) return 1;
    return lower.includes(wanted) ? 2 : 3;
  };
  return paths
    .map((path) => ({ path, rank: rank(path) }))
    .filter((found) => found.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.path.length - b.path.length || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** A pattern without a slash is about names, as in .gitignore. */
function isMatch(path: string, pattern: string): boolean {
  return matchesGlob(path, pattern) || (!pattern.includes("/") && matchesGlob(path, `**/${pattern}`));
}

/** What git would show below the folder, ignored files left out; without a repository a walk. */
async function listPaths(roots: Roots, folder: string): Promise<Listing> {
  const below = relative(roots.workspaceDir, folder) || ".";
  const git = await runProgram(
    "git",
    [
      "-c",
      "core.fsmonitor=false",
      "-c",
      "core.quotepath=false",
      "ls-files",
      "-z",
      "-co",
      "--exclude-standard",
      "--",
      below,
    ],
    roots.workspaceDir,
  ).catch(() => undefined);
  const listing = git?.exitCode === 0 ? toListing(git.output.split("\0"), git.isCut) : await walk(roots, folder);
  return { paths: listing.paths.map(storable).sort(), isCut: listing.isCut };
}

function toListing(names: string[], isCut: boolean): Listing {
  // The last one is empty, or cut in the middle.
  const paths = [...new Set(names.slice(0, -1))];
  return { paths: paths.slice(0, MAX_WALKED), isCut: isCut || paths.length > MAX_WALKED };
}

async function walk(roots: Roots, folder: string): Promise<Listing> {
  const paths: string[] = [];
  const open = [folder];
  for (let current = open.shift(); current !== undefined; current = open.shift()) {
    const entries = await readdir(current, { withFileTypes: true }).catch((error) => {
      if (current === folder) throw fileError(error, relative(roots.workspaceDir, folder));
      return [];
    });
    for (const entry of entries) {
      const path = join(current, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) open.push(path);
      if (!entry.isFile() && !entry.isSymbolicLink()) continue;
      paths.push(relative(roots.workspaceDir, path));
      if (paths.length > MAX_WALKED) return { paths: paths.slice(0, MAX_WALKED), isCut: true };
    }
  }
  return { paths, isCut: false };
}

/** For the search tool: where to look, as git wants it. @throws ToolError when it leaves the workspace. */
export async function relativePath(roots: Roots, path: string): Promise<string> {
  const { shown } = await findPath(roots, path, "write");
  if (shown.startsWith("-"))
    throw new ToolError(`${path}: start the path with ./ since its name begins with a hyphen.`);
  return shown;
}
