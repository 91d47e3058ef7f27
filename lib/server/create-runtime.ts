/** Builds what exists once per process and starts its background work. Serves no request. */
import { createDatabase } from "@/db/client";
import { insertSettingOnce } from "@/db/queries/settings";
import { systemClock } from "@/lib/clock";
import { type Daemon, startDaemon } from "@/lib/daemon/daemon";
import type { Env } from "@/lib/env";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { createSecretBox } from "@/lib/secret-box";
import { createStreamHub } from "@/lib/streams/hub";
import type { OpenDatabase } from "./database";
import type { Runtime } from "./runtime";
import { checkSecretKey, loadSecretKey } from "./secret-key";

export type RuntimeOptions = {
  env: Env;
  accessUrl: string;
  version: string;
  database: OpenDatabase;
  /** The checkout. */
  root: string;
};

export type CreatedRuntime = {
  runtime: Runtime;
  /** Starts the daemon where this process has that role. */
  start(): Promise<void>;
  /** Hands running chats over and ends every stream; the database is still there. */
  end(): Promise<void>;
};

/** @throws Error when the secret key is not the database's. */
export async function createRuntime(options: RuntimeOptions): Promise<CreatedRuntime> {
  const { env, accessUrl, version, database } = options;
  const db = createDatabase(database.sql);
  const secrets = createSecretBox(await loadSecretKey(env));
  await checkSecretKey(db, secrets);
  const installId = String(await insertSettingOnce(db, { key: "install_id", value: newId() }));
  const bootId = newId();
  const pubsub = createPubSub();
  const streams = createStreamHub({ sql: database.sql, pubsub, clock: systemClock, bootId });
  const runtime = {
    env,
    accessUrl,
    version,
    installId,
    bootId,
    isEmbedded: database.isEmbedded,
    sql: database.sql,
    pubsub,
    clock: systemClock,
    secrets,
    streams,
    daemonProblem: () => null,
  } as unknown as Runtime;
  let daemon: Daemon | undefined;
  runtime.daemonProblem = () => daemon?.problem() ?? null;
  return {
    runtime,
    async start() {
      if (env.SLIPWAY_ROLE === "web") return;
      daemon = await startDaemon({
        writer: { sql: database.sql, pubsub },
        db,
        env,
        secrets,
        streams,
        workspaces: runtime.workspaces,
        clock: systemClock,
        worker: { installId, bootId, version },
        isSolo: database.isEmbedded,
      });
    },
    async end() {
      await daemon?.stop();
      await streams.close();
      await pubsub.close();
    },
  };
}
