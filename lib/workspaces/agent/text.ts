/** Text on its way to the model: bounds on lines, and only characters that every store accepts. Pure. */
import { stripVTControlCharacters } from "node:util";

/** Longer lines are minified files or data, of which a model needs a glimpse. */
export const MAX_LINE_CHARACTERS = 2048;

/** Cuts long lines, saying how much is missing. */
export function capLines(text: string): { text: string; isCut: boolean } {
  let isCut = false;
  const lines = text.split("\n").map((line) => {
    if (line.length <= MAX_LINE_CHARACTERS) return line;
    isCut = true;
    return `${line.slice(0, MAX_LINE_CHARACTERS)}… [${line.length - MAX_LINE_CHARACTERS} more characters]`;
  });
  return { text: lines.join("\n"), isCut };
}

/** PostgreSQL stores neither NUL nor half a character. */
export const storable = (text: string): string => text.replaceAll("\0", "\uFFFD").toWellFormed();

/** Terminal control sequences mean nothing to a model. */
export const plain = (text: string): string => storable(stripVTControlCharacters(text));

/** Decodes a piece of UTF-8 that may begin or end inside a character: the halves are left out. */
export function decodePiece(bytes: Buffer, cut: { start: boolean; end: boolean }): string {
  let start = 0;
  let end = bytes.length;
  while (cut.start && start < Math.min(3, end) && isContinuation(bytes[start]!)) start += 1;
  if (cut.end) {
    let back = 1;
    while (back <= Math.min(4, end) && isContinuation(bytes[end - back]!)) back += 1;
    const first = bytes[end - back];
    if (first !== undefined && first >= 0xc0 && back < lengthOf(first)) end -= back;
  }
  return bytes.toString("utf8", start, end);
}

const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  return first >= 0xe0 ? 3 : 2;
}
