/** The tool `read_file`: numbered lines of a text file. Says in words what it does not show. */
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { StringDecoder } from "node:string_decoder";
import { optionalCount, requireText } from "./arguments";
import { findPath, openFile, type Roots } from "./paths";
import { MAX_LINE_CHARACTERS, storable } from "./text";
import { ToolError } from "./tool-error";

/** As the outputs of commands, which are read with this tool. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;
const MAX_LINES = 2_000;
const MAX_RESULT_BYTES = 32 * 1024;
/** Where binary data shows itself. */
const SNIFFED_BYTES = 8_000;

type ReadResult = {
  path: string;
  content: string;
  start_line: number;
  end_line: number;
  total_lines: number;
  note?: string;
};

/** @throws ToolError for what is missing, binary, too large or beyond the end. */
export async function readFileTool(roots: Roots, args: Record<string, unknown>): Promise<ReadResult> {
  const path = requireText(args, "path");
  const offset = optionalCount(args, "offset", 1) ?? 1;
  const limit = Math.min(optionalCount(args, "limit", 1) ?? MAX_LINES, MAX_LINES);
  const found = await findPath(roots, path, "read");
  const handle = await openFile(found);
  try {
    const { size } = await handle.stat();
    if (size > MAX_FILE_BYTES) {
      throw new ToolError(
        `${path} has ${size} bytes, more than the ${MAX_FILE_BYTES} that can be read; use sed or tail.`,
      );
    }
    await refuseBinary(handle, path);
    return summarise({ path: found.shown, offset, page: await readPage(handle, offset, limit) });
  } finally {
    await handle.close();
  }
}

async function refuseBinary(handle: FileHandle, path: string): Promise<void> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
  if (buffer.subarray(0, bytesRead).includes(0)) {
    throw new ToolError(`${path} is a binary file; look at it with a program, for example file or xxd.`);
  }
}

type Page = { lines: string[]; totalLines: number; isFull: boolean; hasLongLine: boolean };

async function readPage(handle: FileHandle, offset: number, limit: number): Promise<Page> {
  const page: Page = { lines: [], totalLines: 0, isFull: false, hasLongLine: false };
  let bytes = 0;
  const add = (line: string) => {
    page.totalLines += 1;
    if (page.totalLines < offset || page.isFull) return;
    if (page.lines.length === limit) {
      page.isFull = true;
      return;
    }
    const isLong = line.length > MAX_LINE_CHARACTERS;
    const shown = isLong
      ? `${line.slice(0, MAX_LINE_CHARACTERS)}… [${line.length - MAX_LINE_CHARACTERS} more characters]`
      : line;
    const numbered = `${String(page.totalLines).padStart(6)}\t${storable(shown)}`;
    bytes += Buffer.byteLength(numbered) + 1;
    if (bytes > MAX_RESULT_BYTES) {
      page.isFull = true;
      return;
    }
    if (isLong) page.hasLongLine = true;
    page.lines.push(numbered);
  };
  await forEachLine(handle, add);
  return page;
}

async function forEachLine(handle: FileHandle, add: (line: string) => void): Promise<void> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  const stream = createReadStream("", { fd: handle.fd, autoClose: false, start: 0 });
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) add(line);
  }
  rest += decoder.end();
  if (rest !== "") add(rest);
}

function summarise({ path, offset, page }: { path: string; offset: number; page: Page }): ReadResult {
  const { lines, totalLines, isFull, hasLongLine } = page;
  if (totalLines > 0 && offset > totalLines) {
    throw new ToolError(`offset ${offset} is beyond the end of ${path}, which has ${totalLines} lines.`);
  }
  const endLine = offset + lines.length - 1;
  const notes = [
    ...(totalLines === 0 ? ["The file is empty."] : []),
    ...(isFull ? [`Lines ${offset} to ${endLine} of ${totalLines} are shown; go on with offset ${endLine + 1}.`] : []),
    ...(hasLongLine ? [`Lines longer than ${MAX_LINE_CHARACTERS} characters are cut.`] : []),
  ];
  return {
    path,
    content: lines.join("\n"),
    start_line: totalLines === 0 ? 0 : offset,
    end_line: totalLines === 0 ? 0 : endLine,
    total_lines: totalLines,
    ...(notes.length > 0 ? { note: notes.join(" ") } : {}),
  };
}
