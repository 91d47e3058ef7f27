import type { FileChange } from "./tool-data";
import { readFileChanges } from "./tool-data";

export type ChangedFile = { path: string; additions: number; deletions: number; isCreated: boolean; diffs: string[] };
export type FilesChanged = { files: ChangedFile[]; additions: number; deletions: number };

type FinishedCall = { toolName: string; result: unknown; isError: boolean };

/** What the calls of a turn changed, each file once, in the order of the first change; undefined when nothing did. */
export function summariseFilesChanged(calls: readonly FinishedCall[]): FilesChanged | undefined {
  const byPath = new Map<string, ChangedFile>();
  for (const call of calls) {
    if (call.isError) continue;
    for (const change of readFileChanges(call.toolName, call.result).filter(isReal)) addChange(byPath, change);
  }
  const files = [...byPath.values()];
  if (files.length === 0) return undefined;
  return {
    files,
    additions: files.reduce((sum, file) => sum + file.additions, 0),
    deletions: files.reduce((sum, file) => sum + file.deletions, 0),
  };
}

/** Writing what is already there changes nothing. */
const isReal = (change: FileChange) => change.isCreated || change.additions + change.deletions > 0;

function addChange(byPath: Map<string, ChangedFile>, change: FileChange): void {
  const file = byPath.get(change.path);
  const diffs = change.diff === "" ? [] : [change.diff];
  if (!file) {
    const { path, additions, deletions, isCreated } = change;
    byPath.set(path, { path, additions, deletions, isCreated, diffs });
    return;
  }
  file.additions += change.additions;
  file.deletions += change.deletions;
  file.diffs.push(...diffs);
}
