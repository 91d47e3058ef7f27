/** The tool `search_files`: lines that match a regular expression, found by git without a repository being needed. */
import { optionalFlag, optionalText, requireText } from "./arguments";
import { GIT_OPTIONS, relativePath } from "./find-files";
import type { Roots } from "./paths";
import { runProgram } from "./run-program";
import { plain } from "./text";
import { ToolError } from "./tool-error";

const MAX_PATTERN_CHARACTERS = 1_000;
const MAX_LINES = 200;
const MAX_RESULT_CHARACTERS = 32 * 1024;
/** A match in a minified file is a glimpse. */
const MAX_LINE_CHARACTERS = 300;

type SearchResult = { matches: string; count: number; note?: string };

/** `path:line:text` of each match. @throws ToolError for a pattern that is none. */
export async function searchFilesTool(roots: Roots, args: Record<string, unknown>): Promise<SearchResult> {
  const pattern = requireText(args, "pattern");
  if (pattern === "" || pattern.length > MAX_PATTERN_CHARACTERS || /[\0\n]/.test(pattern)) {
    throw new ToolError(`pattern must be one line of 1 to ${MAX_PATTERN_CHARACTERS} characters.`);
  }
  const path = await relativePath(roots, optionalText(args, "path") ?? ".");
  const glob = optionalText(args, "glob");
  const flags = ["-nIE", ...(optionalFlag(args, "ignore_case") ? ["-i"] : [])];
  const command = [
    ...GIT_OPTIONS,
    "-c",
    "core.quotepath=false",
    "grep",
    "--no-index",
    "--exclude-standard",
    "--no-textconv",
    "--no-color",
    ...flags,
  ];
  const found = await runProgram(
    "git",
    [...command, "-e", pattern, "--", ...(glob ? [`:(glob)${joinGlob(path, glob)}`] : [`:(literal)${path}`])],
    roots.workspaceDir,
  );
  // 1: nothing matched.
  if (found.exitCode !== null && found.exitCode > 1) throw new ToolError(explain(found.errors, pattern));
  return summarise(found.output, found.isCut);
}

/** As in .gitignore: a glob without a slash is about names. */
function joinGlob(path: string, glob: string): string {
  const within = glob.includes("/") ? glob : `**/${glob}`;
  return path === "." ? within : `${path}/${within}`;
}

function explain(errors: string, pattern: string): string {
  return `The search for ${JSON.stringify(pattern)} failed: ${plain(errors.trim()) || "no reason was given"}. Patterns are POSIX extended regular expressions.`;
}

function summarise(output: string, isCut: boolean): SearchResult {
  const all = output.split("\n").filter((line) => line !== "");
  const lines: string[] = [];
  let size = 0;
  for (const line of all) {
    const shown = plain(line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)}…` : line);
    size += shown.length + 1;
    if (lines.length === MAX_LINES || size > MAX_RESULT_CHARACTERS) break;
    lines.push(shown);
  }
  const more = all.length - lines.length;
  const notes = [
    ...(more > 0 ? [`${more} more matches are left out; narrow the pattern or the path.`] : []),
    ...(isCut ? ["The search was too wide and was ended early."] : []),
  ];
  return { matches: lines.join("\n"), count: all.length, ...(notes.length > 0 ? { note: notes.join(" ") } : {}) };
}
