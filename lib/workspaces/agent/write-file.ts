/** The tool `write_file`, and the safe way to write that the edits share: a temporary file beside, then a rename. */
import { randomBytes } from "node:crypto";
import { chmod, rename, unlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { requireText } from "./arguments";
import { diffFile } from "./diff";
import { type FoundPath, findPath, openFile, openParent, type Roots } from "./paths";
import { fileError, ToolError } from "./tool-error";

/** More than any source file; larger ones are made by programs. */
export const MAX_TEXT_BYTES = 2 * 1024 * 1024;
const NEW_FILE_MODE = 0o644;

type WriteResult = { path: string; diff: string; additions: number; deletions: number; created: boolean };

/** Makes or replaces a file, keeping the mode of an existing one. */
export async function writeFileTool(roots: Roots, args: Record<string, unknown>): Promise<WriteResult> {
  const path = requireText(args, "path");
  const content = requireText(args, "content");
  if (Buffer.byteLength(content) > MAX_TEXT_BYTES) {
    throw new ToolError(`content has more than ${MAX_TEXT_BYTES} bytes; write it in parts with execute.`);
  }
  const found = await findPath(roots, path, "write");
  const before = await readExisting(found);
  const staged = await stageFile(found, content, before?.mode ?? NEW_FILE_MODE);
  await staged.commit();
  const isText = before === null || before.content !== null;
  const diff = isText
    ? diffFile(found.shown, before?.content ?? null, content)
    : { diff: "", additions: content.split("\n").length, deletions: 0 };
  return { path: found.shown, ...diff, created: before === null };
}

export type ExistingFile = { content: string | null; mode: number };

/** Null when there is none; content null when it is binary or too large for a diff. */
export async function readExisting(found: FoundPath): Promise<ExistingFile | null> {
  const handle = await openFile(found).catch((error: Error) => {
    if (error.message.endsWith("it does not exist.")) return null;
    throw error;
  });
  if (!handle) return null;
  try {
    const { mode, size } = await handle.stat();
    const bytes = size > MAX_TEXT_BYTES ? null : await handle.readFile();
    const content = bytes === null || bytes.includes(0) ? null : bytes.toString("utf8");
    return { content, mode: mode & 0o777 };
  } finally {
    await handle.close();
  }
}

/** A file that is written in full but does not yet stand under its name. */
export type StagedFile = { commit(): Promise<void>; discard(): Promise<void> };

/** @throws ToolError when the directory cannot be made or the disk is full; nothing is left behind then. */
export async function stageFile(found: FoundPath, content: string, mode: number): Promise<StagedFile> {
  const parent = await openParent(found);
  const temporary = join(parent.folder, `.slipway-${randomBytes(6).toString("hex")}`);
  const discard = async () => {
    await unlink(temporary).catch(() => {});
    await parent.close();
  };
  try {
    await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
    await chmod(temporary, mode);
  } catch (error) {
    await discard();
    throw fileError(error, found.shown);
  }
  return {
    discard,
    async commit() {
      try {
        await rename(temporary, join(parent.folder, basename(found.real)));
        await parent.close();
      } catch (error) {
        await discard();
        throw fileError(error, found.shown);
      }
    },
  };
}
