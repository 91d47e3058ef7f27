import type { PatchFile } from "./parse-patch";

/** Files that a person has looked through, by chat, diff and path, with the change that they saw. The newest are last. */
export type ViewedMarks = Readonly<Record<string, string>>;

/** A browser keeps no more: the oldest go. */
const MAX_MARKS = 2_000;

export type MarkPlace = { chatId: string; source: string; path: string };

const keyOf = ({ chatId, source, path }: MarkPlace): string => `${chatId} ${source} ${path}`;

/** A file whose change is another one since is to be looked at again. */
export function isViewed(marks: ViewedMarks, place: Omit<MarkPlace, "path">, file: PatchFile): boolean {
  const seen = marks[keyOf({ ...place, path: file.path })];
  return seen !== undefined && seen === fingerprintOf(file);
}

export function withMark(
  marks: ViewedMarks,
  { place, file, isViewed }: { place: Omit<MarkPlace, "path">; file: PatchFile; isViewed: boolean },
): ViewedMarks {
  const key = keyOf({ ...place, path: file.path });
  const { [key]: _before, ...others } = marks;
  if (!isViewed) return others;
  return Object.fromEntries([...Object.entries(others), [key, fingerprintOf(file)]].slice(-MAX_MARKS));
}

const fingerprints = new WeakMap<PatchFile, string>();

/** Of what the diff says of the file: FNV-1a over its lines. Only files that were marked are read for it. */
function fingerprintOf(file: PatchFile): string {
  const known = fingerprints.get(file);
  if (known !== undefined) return known;
  let hash = 0x811c9dc5;
  for (const { text } of file.blocks) {
    for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  const fingerprint = `${file.kind} ${file.sizeChars} ${(hash >>> 0).toString(36)}`;
  fingerprints.set(file, fingerprint);
  return fingerprint;
}
