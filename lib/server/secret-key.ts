/** The key of the secrets at rest: from the environment or generated once, and checked against the database. */
import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Database } from "@/db/client";
import { insertSettingOnce } from "@/db/queries/settings";
import type { Env } from "@/lib/env";
import type { SecretBox } from "@/lib/secret-box";

const KEY_BYTES = 32;
const CHECK = "secret_key_check";
const CHECK_PLACE = `settings.value:${CHECK}`;

/** `SLIPWAY_SECRET_KEY`, else the data directory's own key, made at the first start. */
export async function loadSecretKey(env: Pick<Env, "SLIPWAY_SECRET_KEY" | "SLIPWAY_DATA_DIR">): Promise<Buffer> {
  if (env.SLIPWAY_SECRET_KEY) return Buffer.from(env.SLIPWAY_SECRET_KEY, "base64");
  const path = join(env.SLIPWAY_DATA_DIR, "secret.key");
  const stored = await readKey(path);
  if (stored) return stored;
  await mkdir(env.SLIPWAY_DATA_DIR, { recursive: true, mode: 0o700 });
  const fresh = `${path}.${process.pid}.new`;
  await writeFile(fresh, randomBytes(KEY_BYTES).toString("base64"), { mode: 0o600, flush: true });
  // Whole or not at all, and the first of two processes wins.
  await link(fresh, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error;
  });
  await rm(fresh, { force: true });
  const key = await readKey(path);
  if (!key) throw new Error(`The secret key could not be written to ${path}.`);
  return key;
}

async function readKey(path: string): Promise<Buffer | undefined> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const key = Buffer.from(text.trim(), "base64");
  if (key.length === KEY_BYTES) return key;
  throw new Error(
    `${path} is damaged: it must hold 32 bytes in base64. Restore it from a backup, or set SLIPWAY_SECRET_KEY.`,
  );
}

/** @throws Error when the database was written with another key: every stored provider key would be unreadable. */
export async function checkSecretKey(db: Database, secrets: SecretBox): Promise<void> {
  const stored = await insertSettingOnce(db, { key: CHECK, value: secrets.seal("slipway", CHECK_PLACE) });
  try {
    secrets.open(String(stored), CHECK_PLACE);
  } catch (cause) {
    throw new Error(
      "SLIPWAY_SECRET_KEY is not the key this database was made with, so its stored secrets cannot be read. Start with the earlier key.",
      { cause },
    );
  }
}
