/** The bytes of one file, for the server to keep. Whole or not at all: what is too large is refused, never cut. */
import { findPath, openFile, type Roots } from "./paths";
import type { BytesRequest } from "./protocol";
import { fileError, ToolError } from "./tool-error";

/** @throws ToolError for what is missing, no regular file, outside the workspace or larger than was asked for. */
export async function readBytes(roots: Roots, { path, maxBytes }: BytesRequest): Promise<Buffer> {
  const found = await findPath(roots, path, "read");
  const handle = await openFile(found);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    // A file may grow while it is read: one byte more than allowed is enough to know.
    for await (const chunk of handle.createReadStream({ start: 0, end: maxBytes, autoClose: false })) {
      chunks.push(chunk as Buffer);
      sizeBytes += (chunk as Buffer).length;
    }
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await handle.close();
  }
  if (sizeBytes > maxBytes) throw tooLarge(path, sizeBytes, maxBytes);
  return Buffer.concat(chunks);
}

const tooLarge = (path: string, sizeBytes: number, maxBytes: number): ToolError =>
  new ToolError(
    `${path} has ${sizeBytes} bytes, more than the ${maxBytes} that are taken; make it smaller or split it.`,
  );
