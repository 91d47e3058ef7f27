/** What git says of a repository's state: branch, upstream, and which paths differ. Parses; changes nothing. */
import { git, readGit, wordsOf } from "./git";
import { ToolError } from "./tool-error";

export type StatusEntry = { path: string; kind: "changed" | "conflicted" | "untracked" };

export type RepositoryStatus = {
  /** Null while detached. */
  branch: string | null;
  /** Null before the first commit. */
  head: string | null;
  upstream: string | null;
  ahead: number | null;
  behind: number | null;
  entries: StatusEntry[];
  /** Nested repositories, which are nobody's files here. */
  nested: string[];
  /** As git printed it. */
  text: string;
};

/** @throws ToolError with git's own words. */
export async function readStatus(root: string): Promise<RepositoryStatus> {
  const args = ["status", "--porcelain=v2", "--branch", "-z", "--ignore-submodules=dirty"];
  const whole = await git(root, [...args, "--untracked-files=all"]);
  if (whole.exitCode === 0) return parseStatus(whole.output);
  if (!whole.isCut) throw new ToolError(wordsOf(whole));
  // Folders instead of their files, where an install was not ignored.
  return parseStatus(await readGit(root, [...args, "--untracked-files=normal"]));
}

/** Of `git status --porcelain=v2 --branch -z`. Pure. */
export function parseStatus(text: string): RepositoryStatus {
  const status: RepositoryStatus = {
    branch: null,
    head: null,
    upstream: null,
    ahead: null,
    behind: null,
    entries: [],
    nested: [],
    text,
  };
  const records = text.split("\0");
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    if (record.startsWith("# ")) readHeader(status, record);
    else if (record.startsWith("1 ")) status.entries.push({ path: fieldsAfter(record, 8), kind: "changed" });
    else if (record.startsWith("u ")) status.entries.push({ path: fieldsAfter(record, 10), kind: "conflicted" });
    else if (record.startsWith("? ")) addUntracked(status, record.slice(2));
    else if (record.startsWith("2 ")) {
      status.entries.push({ path: fieldsAfter(record, 9), kind: "changed" });
      // The path before the rename follows in a record of its own.
      index += 1;
    }
  }
  return status;
}

function readHeader(status: RepositoryStatus, record: string): void {
  const [, name, ...rest] = record.split(" ");
  const value = rest.join(" ");
  if (name === "branch.oid") status.head = value === "(initial)" ? null : value;
  if (name === "branch.head") status.branch = value === "(detached)" ? null : value;
  if (name === "branch.upstream") status.upstream = value;
  if (name === "branch.ab")
    [status.ahead, status.behind] = rest.map((count) => Math.abs(Number(count))) as [number, number];
}

function addUntracked(status: RepositoryStatus, path: string): void {
  if (path.endsWith("/")) status.nested.push(path.slice(0, -1));
  else status.entries.push({ path, kind: "untracked" });
}

/** The rest of a record after so many fields, which may hold spaces itself. */
function fieldsAfter(record: string, count: number): string {
  let at = 0;
  for (let index = 0; index < count; index++) at = record.indexOf(" ", at) + 1;
  return record.slice(at);
}
