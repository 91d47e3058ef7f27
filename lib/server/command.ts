/** The commands of `slipway`: what an operator does beside the running server. Prints for people; serves nothing. */
import { createReadStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import { writeBackup } from "@/db/backup";
import { createDatabase } from "@/db/client";
import { createSql, type DatabaseAddress } from "@/db/connect";
import { findRunningPostgres, startEmbeddedPostgres } from "@/db/embedded";
import { listCostMismatches } from "@/db/queries/cost-verification";
import { restoreBackup } from "@/db/restore";
import { resetPassword } from "@/lib/auth/reset-password";
import type { Env } from "@/lib/env";
import { describeDatabaseError } from "./database";

export type CommandOptions = {
  env: Env;
  /** The checkout. */
  root: string;
  version: string;
  print: (line: string) => void;
};

export const USAGE = `Usage: npm run -s slipway -- <command>
  backup <file>            writes everything in the database to a new file; the server may go on running
  restore <file>           fills an empty database from such a file; the server must be stopped
  reset-password <email>   gives a person a new password and prints it
  verify-costs             compares every day's sums and every message's cost with the record of paid calls`;

/** @throws Error with one line for the person who typed the command. */
export async function runCommand(words: string[], options: CommandOptions): Promise<void> {
  const [command, argument, ...rest] = words;
  if ((command === "verify-costs") === (argument !== undefined) || rest.length > 0) throw new Error(USAGE);
  try {
    if (!argument) return await verifyCosts(options);
    if (command === "backup") return await backUp(argument, options);
    if (command === "restore") return await restore(argument, options);
    if (command === "reset-password") return await reset(argument, options);
  } catch (error) {
    throw describeDatabaseError(error);
  }
  throw new Error(USAGE);
}

async function backUp(path: string, options: CommandOptions): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} exists. A backup never replaces a file.`);
  await withDatabase(options, async (address) => {
    const unfinished = `${path}.unfinished`;
    try {
      const { tables } = await writeFile(unfinished, { address, version: options.version });
      await rename(unfinished, path);
      options.print(`${tables} tables are in ${path}.`);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  });
  options.print(keyNote(options));
}

/** Whole and on the disk before it gets its name. Private: it holds everything that was ever said. */
async function writeFile(path: string, source: { address: DatabaseAddress; version: string }) {
  const file = await open(path, "w", 0o600);
  const output = new PassThrough();
  const written = pipeline(output, createGzip({ level: 6 }), file.createWriteStream({ flush: true }));
  const [result] = await Promise.all([
    writeBackup({ ...source, output }).then(
      (facts) => {
        output.end();
        return facts;
      },
      (error: Error) => {
        output.destroy(error);
        throw error;
      },
    ),
    written,
  ]);
  return result;
}

async function restore(path: string, options: CommandOptions): Promise<void> {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const folder = join(options.root, "drizzle");
  await withDatabase(options, async (address, isRunning) => {
    if (isRunning) throw new Error(`A Slipway runs on ${options.env.SLIPWAY_DATA_DIR}. Stop it, or restore elsewhere.`);
    const { tables } = await restoreBackup({ address, folder, input: readCompressed(path) });
    options.print(`${tables} tables are restored from ${basename(path)}.`);
  });
  options.print(keyNote(options));
}

/** @throws Error in place of zlib's when the file is not compressed or cut off. */
async function* readCompressed(path: string): AsyncGenerator<Uint8Array> {
  const source = createReadStream(path);
  const unpacked = createGunzip();
  source.once("error", (error) => unpacked.destroy(error));
  try {
    yield* source.pipe(unpacked);
  } catch (cause) {
    if (!/^Z_/.test((cause as { code?: string }).code ?? "")) throw cause;
    throw new Error("The file is not a backup of Slipway, or it is damaged.", { cause });
  } finally {
    source.destroy();
  }
}

function keyNote({ env }: CommandOptions): string {
  const place = env.SLIPWAY_SECRET_KEY ? "SLIPWAY_SECRET_KEY" : join(env.SLIPWAY_DATA_DIR, "secret.key");
  return `The secret key (${place}) is not in a backup: the restored database needs the same one. Attached files are not in it either: copy ${join(env.SLIPWAY_DATA_DIR, "files")} as well. Nor are workspaces' files.`;
}

async function reset(email: string, options: CommandOptions): Promise<void> {
  await withDatabase(options, async (address) => {
    const sql = createSql(address, { max: 1 });
    try {
      const { password } = await resetPassword(createDatabase(sql), { email });
      options.print(`The new password of ${email} is ${password}`);
      options.print("All their sessions have ended. They can change it in their settings.");
    } finally {
      await sql.end({ timeout: 2 });
    }
  });
}

/** @throws Error when a figure is not what the record says. */
async function verifyCosts(options: CommandOptions): Promise<void> {
  await withDatabase(options, async (address) => {
    const sql = createSql(address, { max: 1, statementTimeoutMs: 0 });
    try {
      const differences = await sql.begin("isolation level repeatable read, read only", (tx) => listCostMismatches(tx));
      for (const { what, key, expected, found } of differences) {
        options.print(`${what} ${key}: the record says ${expected}, found ${found}`);
      }
      if (differences.length > 0) throw new Error(`${differences.length} figures are not what the record says.`);
      options.print("Every sum and every message's cost is what the record says.");
    } finally {
      await sql.end({ timeout: 2 });
    }
  });
}

/** The database of the environment: `DATABASE_URL`, the one that a running Slipway has open, or the data directory's own. */
async function withDatabase(
  { env }: CommandOptions,
  work: (address: DatabaseAddress, isRunning: boolean) => Promise<void>,
): Promise<void> {
  if (env.DATABASE_URL) return work({ kind: "url", url: env.DATABASE_URL }, false);
  const running = await findRunningPostgres(env.SLIPWAY_DATA_DIR);
  if (running) return work(running, true);
  const embedded = await startEmbeddedPostgres({ dataDir: env.SLIPWAY_DATA_DIR });
  try {
    await work(embedded.address, false);
  } finally {
    await embedded.stop();
  }
}
