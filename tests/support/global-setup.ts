/** One throw-away PostgreSQL per test run, with a migrated template that every test file clones. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { createSql, type DatabaseAddress, withDatabase } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { migrateDatabase } from "@/db/migrate";

declare module "vitest" {
  interface ProvidedContext {
    cluster: DatabaseAddress;
  }
}

export const TEMPLATE = "slipway_template";
const migrations = fileURLToPath(new URL("../../drizzle", import.meta.url));

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "slipway-test-"));
  const postgres = await startEmbeddedPostgres({ dataDir, volatile: true });
  const sql = createSql(postgres.address, { max: 1 });
  await sql`CREATE DATABASE ${sql(TEMPLATE)}`;
  await sql.end();
  await migrateDatabase({ address: withDatabase(postgres.address, TEMPLATE), folder: migrations });
  project.provide("cluster", postgres.address);
  return async () => {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
