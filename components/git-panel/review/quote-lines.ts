import { readBlock } from "../diff/block-rows";
import type { PatchFile } from "../diff/parse-patch";
import type { LinePlace } from "./review-draft";

/** What an agent needs to find the place; it has the file. */
const MAX_QUOTED_LINES = 200;

/** The text of the lines of one side, of those that the diff shows. */
export function quoteLines(file: PatchFile, { side, startLine, endLine }: LinePlace): string {
  const quoted: string[] = [];
  for (const block of file.blocks) {
    const [from, to] = side === "old" ? [block.oldStart, block.oldEnd] : [block.newStart, block.newEnd];
    if (to <= startLine || from > endLine) continue;
    for (const line of readBlock(block)) {
      const number = side === "old" ? line.oldLine : line.newLine;
      if (number !== null && number >= startLine && number <= endLine) quoted.push(line.text);
    }
  }
  return quoted.slice(0, MAX_QUOTED_LINES).join("\n");
}

/** Whether the diff still shows the line below which a comment stands. */
export function showsPlace(file: PatchFile, { side, endLine }: LinePlace): boolean {
  return file.blocks.some((block) =>
    side === "old"
      ? endLine >= block.oldStart && endLine < block.oldEnd
      : endLine >= block.newStart && endLine < block.newEnd,
  );
}
