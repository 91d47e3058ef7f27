/** GitLab's diffs, a list of files without their headings, as one unified diff. Pure. */
import { z } from "zod";

const file = z.object({
  old_path: z.string(),
  new_path: z.string(),
  a_mode: z.string().nullish(),
  b_mode: z.string().nullish(),
  new_file: z.boolean().nullish(),
  renamed_file: z.boolean().nullish(),
  deleted_file: z.boolean().nullish(),
  /** From the first `@@` on; empty for a file that is too large to be shown. */
  diff: z.string().nullish(),
});
export type FileDiff = z.infer<typeof file>;

export const toFileDiffs = (data: unknown): FileDiff[] => z.array(file).parse(data);

export const toComparedFiles = (data: unknown): FileDiff[] =>
  z.object({ diffs: z.array(file).nullish() }).parse(data).diffs ?? [];

export const toUnifiedDiff = (files: readonly FileDiff[]): string => files.map(toUnified).join("");

function toUnified({
  old_path,
  new_path,
  a_mode,
  b_mode,
  new_file,
  renamed_file,
  deleted_file,
  diff,
}: FileDiff): string {
  const lines = [`diff --git a/${old_path} b/${new_path}`];
  if (new_file) lines.push(`new file mode ${b_mode ?? "100644"}`);
  else if (deleted_file) lines.push(`deleted file mode ${a_mode ?? "100644"}`);
  else if (a_mode && b_mode && a_mode !== b_mode) lines.push(`old mode ${a_mode}`, `new mode ${b_mode}`);
  if (renamed_file) lines.push(`rename from ${old_path}`, `rename to ${new_path}`);
  if (diff?.startsWith("@@")) {
    lines.push(new_file ? "--- /dev/null" : `--- a/${old_path}`, deleted_file ? "+++ /dev/null" : `+++ b/${new_path}`);
  }
  return `${lines.join("\n")}\n${diff ? diff.replace(/\n?$/, "\n") : ""}`;
}

/** Added and removed lines. */
export function countLines(files: readonly FileDiff[]): { additions: number; deletions: number } {
  const lines = files.flatMap(({ diff }) => diff?.split("\n") ?? []);
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign)).length;
  return { additions: count("+"), deletions: count("-") };
}
