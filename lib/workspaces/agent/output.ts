/** The output of one process: head and tail for the model, all of it in a file once it is long. Bounded in memory and on disk. */
import { closeSync, openSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { capLines, decodePiece, plain } from "./text";

/** What a model reads of one command's beginning, and of its end. */
const HEAD_BYTES = 16 * 1024;
const TAIL_BYTES = 16 * 1024;
/** A runaway command fills no disk. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

export type RenderedOutput = { output: string; truncated?: true; output_file?: string; note?: string };

export type Output = {
  write(chunk: Buffer): void;
  render(): RenderedOutput;
  close(): void;
};

/** `fileName` is made in `folder` only when the output is longer than what the model reads. */
export function createOutput(folder: string, fileName: string): Output {
  const path = join(folder, fileName);
  // All of it up to head and tail together; from then on only these two.
  let kept = Buffer.alloc(0);
  let tail: Buffer | undefined;
  let file: number | undefined;
  let totalBytes = 0;
  let fileBytes = 0;
  let isClosed = false;
  const spool = (chunk: Buffer) => {
    if (isClosed) return;
    file ??= openSync(path, "w", 0o600);
    const room = chunk.subarray(0, MAX_FILE_BYTES - fileBytes);
    if (room.length > 0) fileBytes += writeSync(file, room);
  };
  const text = (): { output: string; isCut: boolean } => {
    if (!tail) return toLines(kept, { start: false, end: false });
    const head = toLines(kept, { start: false, end: true });
    const end = toLines(tail, { start: true, end: false });
    const omitted = totalBytes - kept.length - tail.length;
    const marker = `[… ${omitted} of ${totalBytes} bytes are left out; all of it is in ${path} …]`;
    return { output: `${head.output}\n\n${marker}\n\n${end.output}`, isCut: true };
  };
  return {
    write(chunk) {
      totalBytes += chunk.length;
      if (tail) {
        tail = Buffer.concat([tail, chunk]).subarray(-TAIL_BYTES);
        return spool(chunk);
      }
      kept = Buffer.concat([kept, chunk]);
      if (kept.length <= HEAD_BYTES + TAIL_BYTES) return;
      spool(kept);
      // Copies, so that the large buffer can go.
      tail = Buffer.from(kept.subarray(-TAIL_BYTES));
      kept = Buffer.from(kept.subarray(0, HEAD_BYTES));
    },
    render() {
      const { output, isCut } = text();
      if (!isCut) return { output };
      // Short, but with a long line: the file is made now. A later overflow writes it anew.
      if (!tail) writeFileSync(path, kept, { mode: 0o600 });
      const full = fileBytes < totalBytes && tail ? ` The file ends after ${fileBytes} bytes.` : "";
      return {
        output,
        truncated: true,
        output_file: path,
        note: `The output is long. Use read_file on ${path}.${full}`,
      };
    },
    close() {
      isClosed = true;
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

function toLines(bytes: Buffer, cut: { start: boolean; end: boolean }): { output: string; isCut: boolean } {
  const capped = capLines(plain(decodePiece(bytes, cut)));
  return { output: capped.text, isCut: capped.isCut };
}
