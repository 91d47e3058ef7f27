/** Builds what exists once per process and starts its background work. Serves no request. */
import { mkdir, realpath, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { createDatabase } from "@/db/client";
import { insertSettingOnce } from "@/db/queries/settings";
import { createWorkspaceStore } from "@/db/queries/workspace-builds";
import { createClaims } from "@/lib/chats/claims";
import { systemClock } from "@/lib/clock";
import { type Daemon, startDaemon } from "@/lib/daemon/daemon";
import { type Env, readHost } from "@/lib/env";
import { createLinkedCredentials } from "@/lib/external-auth/credentials";
import { createSshIdentities } from "@/lib/external-auth/ssh-keys";
import { createDirectoryStore } from "@/lib/file-store";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { markPushed } from "@/lib/gitsync/mark-stale";
import { createHintRelay } from "@/lib/hint-relay";
import { newId } from "@/lib/ids";
import { systemNetwork } from "@/lib/network-address";
import { type ConnectRelay, createPubSub } from "@/lib/pubsub";
import { findWorkspaceAuthor } from "@/lib/repositories/author";
import { createSecretBox } from "@/lib/secret-box";
import { prepareSocketDirectory } from "@/lib/socket-directory";
import { createStreamHub } from "@/lib/streams/hub";
import { createLocalDriver } from "@/lib/workspaces/drivers/local";
import type { PushedBranch } from "@/lib/workspaces/gateway";
import { createWorkspaceService } from "@/lib/workspaces/service";
import type { OpenDatabase } from "./database";
import { createOpenApiDocument } from "./openapi";
import { routeModules } from "./routes.generated";
import type { Runtime } from "./runtime";
import { hostSandboxes } from "./sandbox-host";
import { checkSecretKey, loadSecretKey } from "./secret-key";

export type RuntimeOptions = {
  env: Env;
  accessUrl: string;
  version: string;
  build: string;
  isDevelopment: boolean;
  database: OpenDatabase;
  /** The checkout. */
  root: string;
};

type Directories = { dataDir: string; runtimeDir: string };

export type CreatedRuntime = {
  runtime: Runtime;
  /** Starts the work of this process's role. */
  start(): Promise<void>;
  /** Hands running chats over and ends every stream; the database is still there. */
  end(): Promise<void>;
};

/** @throws Error when the secret key is not the database's. */
export async function createRuntime(options: RuntimeOptions): Promise<CreatedRuntime> {
  const { env } = options;
  let daemon: Daemon | undefined;
  let stopHosting: () => Promise<void> = async () => undefined;
  const dataDir = await prepareDataDirectory(env);
  const runtimeDir = await prepareSocketDirectory({ dataDir, purpose: "workspaces" });
  const runtime = await assemble({ ...options, dataDir, runtimeDir }, () => daemon?.problem() ?? null);
  return {
    runtime,
    start: async () => {
      if (env.SLIPWAY_ROLE === "web") return;
      const isShared = !runtime.isEmbedded;
      const host = () => runtime.workspaces.start({ isShared });
      stopHosting = await hostSandboxes({ dataDir, clock: runtime.clock, host });
      daemon = await startDaemonOf(runtime);
    },
    end: async () => {
      await daemon?.stop();
      await runtime.streams.close();
      await runtime.workspaces.close();
      // Only now may another process touch the sandboxes.
      await stopHosting();
      await runtime.pubsub.close();
      // It stays while it holds the sockets of living sandboxes.
      await rmdir(runtimeDir).catch(() => undefined);
    },
  };
}

async function assemble(options: RuntimeOptions & Directories, daemonProblem: () => string | null): Promise<Runtime> {
  const { env, accessUrl, version, build, isDevelopment, database } = options;
  const { sql, isEmbedded } = database;
  const clock = systemClock;
  const db = createDatabase(sql);
  const secrets = createSecretBox(await loadSecretKey(env));
  await checkSecretKey(db, secrets);
  const installId = String(await insertSettingOnce(db, { key: "install_id", value: newId() }));
  const bootId = newId();
  // Nobody else can reach the embedded database, so its hints need no second bus.
  const connectRelay: ConnectRelay = (deliver) => createHintRelay({ sql, clock, deliver });
  const pubsub = createPubSub(isEmbedded ? {} : { connectRelay });
  const streams = createStreamHub({ sql, pubsub, clock, bootId });
  const hosts = createGitHosts({ entries: env.externalAuth, clock });
  const onPush = (workspaceId: string, pushed: PushedBranch) => markPushed({ sql, pubsub }, { workspaceId, ...pushed });
  const workspaces = createWorkspaceService({
    store: createWorkspaceStore(db),
    driver: localDriver(options),
    clock,
    gateway: {
      credentials: createLinkedCredentials({ db, secrets, hosts, clock }),
      sshIdentities: createSshIdentities({ db, secrets }),
      network: systemNetwork,
      webUrlOf: (remote) => hosts.findByRemote(remote)?.entry.webUrl,
      onPush,
    },
    findAuthor: ({ ownerId, repository, template }) =>
      findWorkspaceAuthor({ db, hosts }, { ownerId, repository, config: template.config }),
  });
  const identity = { version, build, isDevelopment, bootId, installId, isEmbedded };
  const files = createDirectoryStore(join(options.dataDir, "files"));
  const apiDocument = () => createOpenApiDocument({ entries: routeModules, version, accessUrl });
  return {
    env,
    accessUrl,
    ...identity,
    sql,
    pubsub,
    claims: createClaims(),
    clock,
    secrets,
    streams,
    files,
    hosts,
    workspaces,
    apiDocument,
    daemonProblem,
  };
}

function startDaemonOf(runtime: Runtime): Promise<Daemon> {
  const { env, sql, pubsub, secrets, streams, files, workspaces, clock } = runtime;
  const { installId, bootId, version, isEmbedded } = runtime;
  return startDaemon({
    writer: { sql, pubsub },
    db: createDatabase(sql),
    env,
    secrets,
    streams,
    files,
    workspaces,
    hosts: runtime.hosts,
    clock,
    worker: { installId, bootId, version },
    isSolo: isEmbedded,
    claims: runtime.claims,
  });
}

async function prepareDataDirectory(env: Env): Promise<string> {
  await mkdir(env.SLIPWAY_DATA_DIR, { recursive: true, mode: 0o700 });
  return realpath(env.SLIPWAY_DATA_DIR);
}

function localDriver({ root, dataDir, runtimeDir }: RuntimeOptions & Directories) {
  const agentFile = join(root, ".build/workspace-agent.cjs");
  return createLocalDriver({ dataDir, runtimeDir, nodePath: process.execPath, agentFile, ...readHost() });
}
