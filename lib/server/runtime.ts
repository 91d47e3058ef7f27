/**
 * Everything that exists once per process. The entry program creates it; Next's bundle and ours both fetch it from
 * `globalThis`, since a module-level singleton would exist twice. No `instanceof` across that border.
 */
import type { Sql } from "postgres";
import { createDatabase, type Database } from "@/db/client";
import type { Claims } from "@/lib/chats/claims";
import type { Clock } from "@/lib/clock";
import type { Env } from "@/lib/env";
import type { FileStore } from "@/lib/file-store";
import type { GitHosts } from "@/lib/gitproviders/registry";
import type { PubSub } from "@/lib/pubsub";
import type { SecretBox } from "@/lib/secret-box";
import type { StreamHub } from "@/lib/streams/hub";
import type { WorkspaceService } from "@/lib/workspaces/service";

export type Runtime = {
  env: Env;
  /** The URL people use, without a trailing slash. */
  accessUrl: string;
  version: string;
  /** Of the sources that were built: a page of another one is out of date. */
  build: string;
  /** `npm run dev`: pages are compiled when they are opened. */
  isDevelopment: boolean;
  bootId: string;
  /** Of the database, made at its first start. */
  installId: string;
  /** The database has this process as its only supervisor: workers of earlier boots are dead for certain. */
  isEmbedded: boolean;
  /** The one connection pool. */
  sql: Sql;
  pubsub: PubSub;
  /** Free slots of this process's worker, if it has one. */
  claims: Claims;
  clock: Clock;
  secrets: SecretBox;
  streams: StreamHub;
  files: FileStore;
  /** The configured git hosts. */
  hosts: GitHosts;
  workspaces: WorkspaceService;
  /** The OpenAPI document of the mounted routes. */
  apiDocument: () => Record<string, unknown>;
  /** Why the daemon is not well, or null. Always null where no daemon runs. */
  daemonProblem: () => string | null;
};

const key = Symbol.for("slipway.runtime");
type Holder = { [key]?: Runtime };

/** @throws Error when the entry program has not created it, for example during `next build`. */
export function getRuntime(): Runtime {
  const runtime = (globalThis as Holder)[key];
  if (!runtime) throw new Error("The runtime does not exist yet: start the product through `npm start`.");
  return runtime;
}

/** Called once, by the entry program or a test harness; undefined removes it. */
export function setRuntime(runtime: Runtime | undefined): void {
  (globalThis as Holder)[key] = runtime;
}

const databases = new WeakMap<Sql, Database>();

/** This bundle's drizzle handle over the process's pool. */
export function getDatabase(): Database {
  const { sql } = getRuntime();
  let database = databases.get(sql);
  if (!database) {
    database = createDatabase(sql);
    databases.set(sql, database);
  }
  return database;
}
