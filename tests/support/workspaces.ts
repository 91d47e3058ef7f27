/** Real workspaces for a test file: bubblewrap, the bundled agent, rows in the test database. Everything ends with the file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll } from "vitest";
import { createWorkspaceStore } from "@/db/queries/workspace-builds";
import { systemClock } from "@/lib/clock";
import type {
  ToolOutcome,
  WorkspaceConnection,
  WorkspaceOperationName,
  WorkspaceToolName,
} from "@/lib/contract/workspace-agent";
import type { TemplateConfig } from "@/lib/contract/workspaces";
import { createGitHosts } from "@/lib/gitproviders/registry";
import { newId } from "@/lib/ids";
import { type Network, systemNetwork } from "@/lib/network-address";
import { findWorkspaceAuthor } from "@/lib/repositories/author";
import { agentBundleOptions } from "@/lib/server/build.mjs";
import { type CredentialSource, createStaticCredentials, type SshIdentitySource } from "@/lib/workspaces/credentials";
import { createLocalDriver } from "@/lib/workspaces/drivers/local";
import type { GatewaySettings } from "@/lib/workspaces/gateway";
import { createWorkspaceService, type WorkspaceService } from "@/lib/workspaces/service";
import { createTestDatabase, type TestDatabase } from "./database";
import { insertUser } from "./rows";

const root = fileURLToPath(new URL("../..", import.meta.url));

// biome-ignore lint/suspicious/noExplicitAny: tests assert on results of every shape
type AnyResult = any;
type CallOptions = {
  chatId?: string;
  callId?: string;
  signal?: AbortSignal;
  onOutput?: (delta: string) => void;
};

export type TestWorkspaces = TestDatabase & {
  dataDir: string;
  agentFile: string;
  /** Of a member. */
  ownerId: string;
  adminId: string;
  service: WorkspaceService;
  /** Another server process over the same rows and directory, as after a restart. */
  restartServer(): WorkspaceService;
  insertTemplate(config: TemplateConfig): Promise<string>;
  /** Creates a workspace and waits for its agent. */
  open(options?: { ownerId?: string; templateId?: string; repository?: string; branch?: string }): Promise<string>;
  connect(workspaceId: string): Promise<WorkspaceConnection>;
  /** One call of a tool; each has an id of its own unless one is given. */
  call(
    workspaceId: string,
    tool: WorkspaceToolName | WorkspaceOperationName,
    args: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<ToolOutcome & { result: AnyResult }>;
};

type Settings = {
  network?: Network;
  credentials?: CredentialSource;
  sshIdentities?: SshIdentitySource;
  onPush?: GatewaySettings["onPush"];
  webUrlOf?: GatewaySettings["webUrlOf"];
  idleTimeoutMs?: number;
  /** Another harness's; one of its own when absent. */
  database?: TestDatabase;
};

/** Call it at the top of a test file, with `await`. */
export async function createTestWorkspaces(settings: Settings = {}): Promise<TestWorkspaces> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-ws-"));
  const agentFile = join(directory, "workspace-agent.cjs");
  afterAll(() => rm(directory, { recursive: true, force: true }));
  await build({ ...agentBundleOptions(root), outfile: agentFile } as Parameters<typeof build>[0]);
  const database = settings.database ?? (await createTestDatabase());
  const dataDir = join(directory, "data");
  const services: WorkspaceService[] = [];
  const hosts = createGitHosts({ entries: [], clock: systemClock });
  const startServer = () => {
    const service = createWorkspaceService({
      store: createWorkspaceStore(database.db),
      driver: createLocalDriver({
        dataDir,
        runtimeDir: directory,
        searchPath: process.env.PATH ?? "/usr/bin",
        nodePath: process.execPath,
        agentFile,
        caFile: null,
        ...(settings.idleTimeoutMs ? { idleTimeoutMs: settings.idleTimeoutMs } : {}),
      }),
      clock: systemClock,
      gateway: {
        credentials: settings.credentials ?? createStaticCredentials([]),
        sshIdentities: settings.sshIdentities ?? (async () => null),
        network: settings.network ?? systemNetwork,
        ...(settings.onPush ? { onPush: settings.onPush } : {}),
        ...(settings.webUrlOf ? { webUrlOf: settings.webUrlOf } : {}),
      },
      findAuthor: ({ ownerId, repository, template: { config } }) =>
        findWorkspaceAuthor({ db: database.db, hosts }, { ownerId, repository, config }),
    });
    services.push(service);
    return service;
  };
  const workspaces = withHelpers({ database, service: startServer(), startServer, dataDir, agentFile });
  await workspaces.service.start();
  workspaces.ownerId = await insertUser(database.sql);
  workspaces.adminId = await insertUser(database.sql);
  await database.sql`UPDATE users SET role = 'admin' WHERE id = ${workspaces.adminId}`;
  afterAll(async () => {
    for (const service of services) await service.close();
    await endSandboxes(dataDir);
  });
  return workspaces;
}

type Parts = {
  database: TestDatabase;
  service: WorkspaceService;
  startServer: () => WorkspaceService;
  dataDir: string;
  agentFile: string;
};

function withHelpers({ database, service, startServer, dataDir, agentFile }: Parts): TestWorkspaces {
  const workspaces: TestWorkspaces = {
    ...database,
    dataDir,
    agentFile,
    ownerId: "",
    adminId: "",
    service,
    restartServer() {
      workspaces.service = startServer();
      return workspaces.service;
    },
    async insertTemplate(config) {
      const id = newId();
      await database.sql`INSERT INTO templates (id, name, config) VALUES (${id}, 'test', ${JSON.stringify(config)}::text::jsonb)`;
      return id;
    },
    async open(options = {}) {
      const { workspaceId } = await workspaces.service.create({ ownerId: workspaces.ownerId, ...options });
      await workspaces.connect(workspaceId);
      return workspaceId;
    },
    connect: (workspaceId) => workspaces.service.connect({ workspaceId, signal: AbortSignal.timeout(30_000) }),
    async call(workspaceId, tool, args, options = {}) {
      const { chatId = "chat", callId = newId(), signal = AbortSignal.timeout(60_000), onOutput } = options;
      const connection = await workspaces.connect(workspaceId);
      return connection.call({ callId, chatId, tool, args }, { signal, ...(onOutput ? { onOutput } : {}) });
    },
  };
  return workspaces;
}

/** Stops every sandbox of the directory by itself, so that a failing test leaves none; throws when one stays. */
async function endSandboxes(dataDir: string): Promise<void> {
  const folder = join(dataDir, "workspaces");
  if (!existsSync(folder)) return;
  for (const workspaceId of readdirSync(folder)) {
    const file = join(folder, workspaceId, "sandbox.json");
    if (!existsSync(file)) continue;
    const { pid, startTime } = JSON.parse(readFileSync(file, "utf8")) as { pid: number; startTime: string };
    if (startTimeOf(pid) === startTime) process.kill(pid, "SIGKILL");
    await until(() => startTimeOf(pid) !== startTime, `sandbox ${pid} ended`);
  }
  await until(() => processesNaming(dataDir).length === 0, "no process of the sandboxes is left");
}

/** Processes whose command line names the directory: bubblewrap is started with it. */
export const processesNaming = (text: string): number[] =>
  readdirSync("/proc").flatMap((entry) => {
    try {
      return /^\d+$/.test(entry) && readFileSync(`/proc/${entry}/cmdline`, "utf8").includes(text)
        ? [Number(entry)]
        : [];
    } catch {
      return [];
    }
  });

function startTimeOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ")[19];
  } catch {
    return undefined;
  }
}

/** Waits for a condition, at most ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
