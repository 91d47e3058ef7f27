/** Finds the text that a model wants to replace: exactly, else tolerant of whitespace. Pure. */
import { ToolError } from "./tool-error";

export type TextEdit = { path: string; oldText: string; newText: string; replaceAll: boolean };

/** The content after the edit. @throws ToolError when the text is not there, or there more than once. */
export function replaceText(content: string, edit: TextEdit): string {
  const { oldText, newText } = inLineEndingsOf(content, edit);
  const count = content.split(oldText).length - 1;
  if (count === 1 || (count > 1 && edit.replaceAll)) return content.split(oldText).join(newText);
  if (count > 1) throw ambiguous(edit, count);
  const places = findTolerant(content, oldText);
  if (places.length === 0) throw missing(edit);
  if (places.length > 1 && !edit.replaceAll) throw ambiguous(edit, places.length);
  return places.reduceRight(
    (text, place) => text.slice(0, place.start) + reindent(newText, place) + text.slice(place.end),
    content,
  );
}

/** Models write `\n`; a file of `\r\n` keeps its own. */
function inLineEndingsOf(content: string, edit: TextEdit): { oldText: string; newText: string } {
  if (!content.includes("\r\n") || edit.oldText.includes("\r\n")) return edit;
  const convert = (text: string) => text.replace(/\r?\n/g, "\r\n");
  return { oldText: convert(edit.oldText), newText: convert(edit.newText) };
}

/** A stretch of whole lines. `from` and `to` are the indentations of its first line there and in the old text. */
type Place = { start: number; end: number; wanted: string; found: string };

const COMPARISONS: ((line: string) => string)[] = [(line) => line.trimEnd(), (line) => line.trim()];

/** Stretches of whole lines that are equal but for whitespace: first at the lines' ends, then at their beginnings too. */
function findTolerant(content: string, oldText: string): Place[] {
  const wanted = oldText.replace(/^(?:[ \t]*\r?\n)+|(?:\r?\n[ \t]*)+$/g, "").split("\n");
  if (wanted.every((line) => line.trim() === "")) return [];
  const lines = content.split("\n");
  for (const normal of COMPARISONS) {
    const target = wanted.map(normal);
    const places = findStretches(lines, target, normal).map((index) => placeOf(lines, index, wanted));
    if (places.length > 0) return places;
  }
  return [];
}

function findStretches(lines: string[], target: string[], normal: (line: string) => string): number[] {
  const normalised = lines.map(normal);
  const found: number[] = [];
  for (let index = 0; index + target.length <= lines.length; index += 1) {
    if (target.every((line, offset) => normalised[index + offset] === line)) found.push(index);
  }
  return found;
}

function placeOf(lines: string[], index: number, wanted: string[]): Place {
  const start = lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0);
  const stretch = lines.slice(index, index + wanted.length).join("\n");
  const end = start + stretch.replace(/\r$/, "").length;
  return { start, end, wanted: indentOf(wanted[0] ?? ""), found: indentOf(lines[index] ?? "") };
}

const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? "";

/** Where the file is indented otherwise than the model believed, the new text follows the file. */
function reindent(newText: string, { wanted, found }: Place): string {
  const text = newText.replace(/^(?:[ \t]*\r?\n)+|(?:\r?\n[ \t]*)+$/g, "");
  if (wanted === found) return text;
  return text
    .split("\n")
    .map((line) => (line.trim() !== "" && line.startsWith(wanted) ? found + line.slice(wanted.length) : line))
    .join("\n");
}

function missing(edit: TextEdit): ToolError {
  const start = JSON.stringify(edit.oldText.slice(0, 80));
  return new ToolError(`old_text was not found in ${edit.path}: ${start}. Read the file and copy the text exactly.`);
}

function ambiguous(edit: TextEdit, count: number): ToolError {
  const start = JSON.stringify(edit.oldText.slice(0, 80));
  return new ToolError(
    `old_text occurs ${count} times in ${edit.path}: ${start}. Add surrounding lines until it is unique, or set replace_all.`,
  );
}
