import { assertNever } from "@/lib/assert-never";
import type { LinePlace } from "../review/review-draft";
import type { PatchBlock, PatchFile } from "./parse-patch";

export const DIFF_MODES = ["unified", "split"] as const;
export type DiffMode = (typeof DIFF_MODES)[number];

/** One row of the virtual list. */
export type DiffItem =
  | { kind: "jump"; key: string; file: PatchFile }
  | { kind: "more"; key: string; count: number }
  | { kind: "adrift"; key: string; places: readonly LinePlace[] }
  | { kind: "head"; key: string; file: PatchFile }
  | { kind: "note"; key: string; file: PatchFile; reason: "binary" | "large" | "empty" }
  | { kind: "block"; key: string; file: PatchFile; block: PatchBlock };

/** Files named before the rest is asked for. */
const NAMED_FILES = 5;
/** A file with more lines than this is opened by hand: generated ones mostly. */
const LARGE_LINES = 1_000;
/** The same for one with lines that nobody wrote. */
const LARGE_CHARS = 200_000;

export const isLarge = (file: PatchFile): boolean =>
  file.additions + file.deletions > LARGE_LINES || file.sizeChars > LARGE_CHARS;

const opensByItself = (file: PatchFile): boolean => !file.isBinary && !isLarge(file);

/** What a person opened or closed, else what is worth to be read. */
export const isOpenFile = (
  file: PatchFile,
  { toggled, isViewed }: Pick<ItemOptions, "toggled" | "isViewed">,
): boolean => toggled.get(file.path) ?? (!isViewed(file) && opensByItself(file));

type ItemOptions = {
  files: readonly PatchFile[];
  /** What a person opened or closed. */
  toggled: ReadonlyMap<string, boolean>;
  /** What a person has looked through. */
  isViewed: (file: PatchFile) => boolean;
  /** The files' names that contain this; null: the first few names. */
  search: string | null;
  mode: DiffMode;
  /** Comments on files that the diff has no longer. */
  adrift: readonly LinePlace[];
};

/** The names, then each file with what is open of it. */
export function listItems(options: ItemOptions): DiffItem[] {
  const { files, toggled, mode, adrift } = options;
  const items = listNames(options);
  if (adrift.length > 0) items.push({ kind: "adrift", key: "adrift", places: adrift });
  for (const file of files) {
    const at = `${mode}:${file.path}`;
    items.push({ kind: "head", key: `head:${file.path}`, file });
    const isOpen = isOpenFile(file, options);
    if (file.isBinary) {
      if (isOpen) items.push({ kind: "note", key: `note:${at}`, file, reason: "binary" });
    } else if (!isOpen) {
      const isHeldBack = isLarge(file) && !toggled.has(file.path) && !options.isViewed(file);
      if (isHeldBack) items.push({ kind: "note", key: `note:${at}`, file, reason: "large" });
    } else if (file.blocks.length === 0) items.push({ kind: "note", key: `note:${at}`, file, reason: "empty" });
    else for (const block of file.blocks) items.push({ kind: "block", key: `${at}:${block.key}`, file, block });
  }
  return items;
}

function listNames({ files, search }: ItemOptions): DiffItem[] {
  const wanted = search?.toLowerCase() ?? "";
  const found = search ? files.filter((file) => file.path.toLowerCase().includes(wanted)) : files;
  const named = search === null && files.length > NAMED_FILES + 1 ? found.slice(0, NAMED_FILES) : found;
  const items: DiffItem[] = named.map((file) => ({ kind: "jump", key: `jump:${file.path}`, file }));
  if (named.length < found.length) items.push({ kind: "more", key: "more", count: found.length - named.length });
  return items;
}

const LINE_PX = 20;

/** Until it is drawn and measured: lines that wrap make it higher. */
export function estimateHeight(item: DiffItem, mode: DiffMode): number {
  switch (item.kind) {
    case "jump":
    case "more":
      return 28;
    case "adrift":
      return 60;
    case "head":
    case "note":
      return 36;
    case "block": {
      const { block } = item;
      const rows = mode === "split" ? block.splitRows : block.unifiedRows;
      return (rows + (block.hunk === null ? 0 : 1)) * LINE_PX;
    }
    default:
      return assertNever(item);
  }
}
