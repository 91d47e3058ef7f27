/** A private, short-pathed directory for unix sockets of one data directory. Opens no socket. */
import { createHash } from "node:crypto";
import { lstat, mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A socket's path ends at 107 bytes; what is put inside may take 62 of them. */
const MAX_DIRECTORY_BYTES = 45;

type Purpose = { dataDir: string; purpose: string };

const userId = (): number => process.getuid?.() ?? 0;

/** Where that directory is, whether it exists or not. */
export function socketDirectoryOf({ dataDir, purpose }: Purpose): string {
  const identity = `${userId()}:${purpose}:${dataDir}`;
  const name = `slipway-${createHash("sha256").update(identity).digest("hex").slice(0, 20)}`;
  const preferred = join(tmpdir(), name);
  return Buffer.byteLength(preferred) > MAX_DIRECTORY_BYTES ? join("/tmp", name) : preferred;
}

/**
 * A 0700 directory named by a hash, since the data directory may be too deep for a socket. The same at every start.
 * @throws Error when somebody else made it.
 */
export async function prepareSocketDirectory(options: Purpose): Promise<string> {
  const uid = userId();
  const path = socketDirectoryOf(options);
  const isOurs = async () => {
    await mkdir(path, { mode: 0o700, recursive: true });
    const facts = await lstat(path);
    return facts.isDirectory() && facts.uid === uid && (facts.mode & 0o077) === 0;
  };
  if (await isOurs()) return path;
  // Root may have handed it to the user that a server ran as.
  if (uid === 0) await rm(path, { recursive: true, force: true });
  if (!(await isOurs())) {
    throw new Error(`${path} must be a directory of this user with mode 0700. Remove it and start again.`);
  }
  return path;
}
