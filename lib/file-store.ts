/**
 * Bytes under ids, in a directory that every process of an installation sees. Knows neither people nor chats: rows in
 * the database say whose a file is. Another store (S3) implements the same port.
 */
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

export type FileStore = {
  /** Whole or not at all; on the disk when it resolves. An id is written once. */
  put(id: string, bytes: Uint8Array): Promise<void>;
  /** Undefined when there is none. */
  get(id: string): Promise<Uint8Array | undefined>;
  /** One that is not there is no error. */
  delete(id: string): Promise<void>;
  /** Ids of files, and of unfinished ones, that were written longer ago than this. */
  listOlderThan(ageMs: number): Promise<string[]>;
};

const ID = /^[0-9a-f-]{36}(\.[0-9a-f]{12})?$/;

/** Private to this user. The directory is made at the first file. */
export function createDirectoryStore(directory: string): FileStore {
  const pathOf = (id: string): string => {
    if (!ID.test(id)) throw new Error(`"${id}" is no id of a file.`);
    return join(directory, id);
  };
  return {
    async put(id, bytes) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const unfinished = `${pathOf(id)}.${randomBytes(6).toString("hex")}`;
      const file = await open(unfinished, "wx", 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(unfinished, pathOf(id));
    },
    async get(id) {
      try {
        return await readFile(pathOf(id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    delete: (id) => rm(pathOf(id), { force: true }),
    async listOlderThan(ageMs) {
      const names = await readdir(directory).catch(() => []);
      const before = Date.now() - ageMs;
      const old: string[] = [];
      for (const name of names) {
        const facts = ID.test(name) ? await stat(join(directory, name)).catch(() => undefined) : undefined;
        if (facts && facts.mtimeMs < before) old.push(name);
      }
      return old;
    },
  };
}
