/** The tool `edit_files`: all edits or none. Everything is checked and written beside before the first file changes. */
import { optionalFlag, requireObjects, requireText } from "./arguments";
import { diffFile, type FileDiff } from "./diff";
import { type FoundPath, findPath, type Roots } from "./paths";
import { replaceText, type TextEdit } from "./replace-text";
import { ToolError } from "./tool-error";
import { type ExistingFile, readExisting, type StagedFile, stageFile } from "./write-file";

/** A model sends a handful. */
const MAX_EDITS = 200;
const NOTHING_APPLIED = "Nothing was applied.";

type FilePlan = { found: FoundPath; before: ExistingFile & { content: string }; after: string };
type EditResult = { files: ({ path: string } & FileDiff)[] };

/** Several edits of one file apply in order. @throws ToolError that says what is wrong and that nothing was applied. */
export async function editFilesTool(roots: Roots, args: Record<string, unknown>): Promise<EditResult> {
  try {
    const plans = await planEdits(roots, parseEdits(args));
    const staged = await stageAll(plans);
    await commitAll(plans, staged);
    return {
      files: plans.map(({ found, before, after }) => ({
        path: found.shown,
        ...diffFile(found.shown, before.content, after),
      })),
    };
  } catch (error) {
    if (error instanceof ToolError) throw new ToolError(`${error.message} ${NOTHING_APPLIED}`);
    throw error;
  }
}

function parseEdits(args: Record<string, unknown>): TextEdit[] {
  const objects = requireObjects(args, "edits");
  if (objects.length > MAX_EDITS) throw new ToolError(`${objects.length} edits are more than ${MAX_EDITS}.`);
  return objects.map((edit) => {
    const path = requireText(edit, "path");
    const oldText = requireText(edit, "old_text");
    const newText = requireText(edit, "new_text");
    if (oldText === "") throw new ToolError(`old_text is empty for ${path}; make a file with write_file.`);
    if (oldText === newText) throw new ToolError(`old_text and new_text are the same for ${path}.`);
    return { path, oldText, newText, replaceAll: optionalFlag(edit, "replace_all") };
  });
}

async function planEdits(roots: Roots, edits: TextEdit[]): Promise<FilePlan[]> {
  const plans = new Map<string, FilePlan>();
  for (const edit of edits) {
    const found = await findPath(roots, edit.path, "write");
    const plan = plans.get(found.real) ?? (await planFile(found));
    plan.after = replaceText(plan.after, edit);
    plans.set(found.real, plan);
  }
  return [...plans.values()];
}

async function planFile(found: FoundPath): Promise<FilePlan> {
  const before = await readExisting(found);
  if (!before) throw new ToolError(`${found.shown} does not exist; make it with write_file.`);
  const { content } = before;
  if (content === null) throw new ToolError(`${found.shown} is binary or too large to edit.`);
  return { found, before: { ...before, content }, after: content };
}

async function stageAll(plans: FilePlan[]): Promise<StagedFile[]> {
  const staged: StagedFile[] = [];
  try {
    for (const { found, before, after } of plans) staged.push(await stageFile(found, after, before.mode));
    return staged;
  } catch (error) {
    await Promise.all(staged.map((file) => file.discard()));
    throw error;
  }
}

/** Renames hardly ever fail; when one does, the files before it get their old content back. */
async function commitAll(plans: FilePlan[], staged: StagedFile[]): Promise<void> {
  for (const [index, file] of staged.entries()) {
    try {
      await file.commit();
    } catch (error) {
      await Promise.all(staged.slice(index + 1).map((later) => later.discard()));
      for (const { found, before } of plans.slice(0, index)) {
        await (await stageFile(found, before.content, before.mode)).commit();
      }
      throw error;
    }
  }
}
