/** Which files tools may touch: those of the workspace, after following every link. The sandbox is the wall, this is the door. */
import { constants } from "node:fs";
import { type FileHandle, lstat, mkdir, open, readlink, realpath } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { fileError, ToolError } from "./tool-error";

export type Roots = { workspaceDir: string; outputDir: string };

/** A path of the workspace after following links. `shown` is relative, as people and diffs write it. */
export type FoundPath = { real: string; shown: string };

const MAX_PATH_BYTES = 4096;

/**
 * Resolves a path for reading or writing. Reading may also take place in the folder of long outputs.
 * @throws ToolError when it leaves the workspace, also through a link.
 */
export async function findPath(roots: Roots, path: string, use: "read" | "write"): Promise<FoundPath> {
  const allowed = use === "read" ? [roots.workspaceDir, roots.outputDir] : [roots.workspaceDir];
  if (path === "" || path.includes("\0") || Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new ToolError(`${JSON.stringify(path.slice(0, 100))} is not a path.`);
  }
  const wanted = isAbsolute(path) ? resolve(path) : join(roots.workspaceDir, path);
  const outside = new ToolError(
    `${path} is outside the workspace (${roots.workspaceDir}). Use a path inside it; relative paths start there.`,
  );
  if (!allowed.some((root) => isInside(root, wanted))) throw outside;
  const real = await realpathOfAny(wanted).catch((error) => {
    throw fileError(error, path);
  });
  const realRoots = await Promise.all(allowed.map((root) => realpath(root)));
  if (!realRoots.some((root) => isInside(root, real))) throw outside;
  const shown = isInside(realRoots[0]!, real) ? relative(realRoots[0]!, real) || "." : real;
  return { real, shown };
}

const isInside = (root: string, path: string): boolean => path === root || path.startsWith(root + sep);

/** The real path of what exists, and below it the names that do not exist yet. */
async function realpathOfAny(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    const isDangling = await lstat(path).then(
      () => true,
      () => false,
    );
    if (isDangling) throw new ToolError(`${path} is a symbolic link that leads nowhere.`);
    return join(await realpathOfAny(dirname(path)), basename(path));
  }
}

/** Opens an existing regular file for reading. Pipes, devices and sockets are refused without blocking on them. */
export async function openFile(found: FoundPath): Promise<FileHandle> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  let handle: FileHandle | undefined;
  try {
    handle = await open(found.real, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat();
    if (stats.isDirectory()) throw new ToolError(`${found.shown} is a directory; list it with execute and ls.`);
    if (!stats.isFile()) throw new ToolError(`${found.shown} is not a regular file.`);
    await requireSamePlace(handle, found.real);
    return handle;
  } catch (error) {
    await handle?.close();
    throw fileError(error, found.shown);
  }
}

/** A link that was put into the path after it was checked leads the open file elsewhere. */
async function requireSamePlace(handle: FileHandle, real: string): Promise<void> {
  if ((await readlink(`/proc/self/fd/${handle.fd}`)) === real) return;
  throw new ToolError(`${real} changed while it was opened; try again.`);
}

/**
 * Opens the directory of a file that will be written, making it when needed. Names inside it are then reached through
 * the open directory (`/proc/self/fd/…`), so that no link can be put into the way.
 */
export async function openParent(found: FoundPath): Promise<{ folder: string; close(): Promise<void> }> {
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  const parent = dirname(found.real);
  let handle: FileHandle | undefined;
  try {
    await mkdir(parent, { recursive: true, mode: 0o755 });
    handle = await open(parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    await requireSamePlace(handle, parent);
    const opened = handle;
    return { folder: `/proc/self/fd/${opened.fd}`, close: () => opened.close() };
  } catch (error) {
    await handle?.close();
    throw fileError(error, found.shown);
  }
}
