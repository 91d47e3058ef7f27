/** A daemon over a test database, a scripted model server and scripted workspaces, with a person to talk to it. */
import { randomBytes } from "node:crypto";
import { afterAll, onTestFinished } from "vitest";
import { createClaims } from "@/lib/chats/claims";
import { type CreateChat, createChat } from "@/lib/chats/create-chat";
import { sendMessage } from "@/lib/chats/send-message";
import { systemClock } from "@/lib/clock";
import type { ToolOutcome, WorkspaceCall } from "@/lib/contract/workspace-agent";
import { type Daemon, startDaemon } from "@/lib/daemon/daemon";
import { parseEnv } from "@/lib/env";
import { createDirectoryStore } from "@/lib/file-store";
import { createGitHosts, type GitHosts } from "@/lib/gitproviders/registry";
import { newId } from "@/lib/ids";
import { sealProviderKey } from "@/lib/models/provider-key";
import { createPubSub } from "@/lib/pubsub";
import { createSecretBox } from "@/lib/secret-box";
import { createStreamHub } from "@/lib/streams/hub";
import type { WorkspaceService } from "@/lib/workspaces/service";
import { createTestDatabase, type TestDatabase } from "./database";
import type { Script } from "./model-script";
import { startModelServer } from "./model-server";
import { createScriptedWorkspaces } from "./scripted-workspaces";
import { createTemporaryDirectory } from "./temporary-directory";

export type TestDaemonOptions = {
  script: Script;
  asides?: Script;
  runTool?: (call: WorkspaceCall, onOutput: (delta: string) => void) => Promise<ToolOutcome>;
  variables?: Record<string, string>;
  hosts?: GitHosts;
  /** Another harness's; one of its own when absent. */
  database?: TestDatabase;
  /** Real ones, over that database; scripted ones when absent. */
  service?: WorkspaceService;
};

const KEY = "sk-ant-canary-0123456789";

export async function createTestDaemon(options: TestDaemonOptions) {
  const { sql, db } = options.database ?? (await createTestDatabase());
  const model = await startModelServer({ script: options.script, asides: options.asides, apiKey: KEY });
  const secrets = createSecretBox(randomBytes(32));
  const env = parseEnv({ SLIPWAY_WORKER_HEARTBEAT_MS: "200", SLIPWAY_WORKER_LEASE_MS: "3000", ...options.variables });
  const ids = {
    ownerId: newId(),
    providerId: newId(),
    modelConfigId: newId(),
    templateId: newId(),
    workspaceId: newId(),
  };
  const { apiKeyCiphertext } = sealProviderKey(secrets, { providerId: ids.providerId, apiKey: KEY });
  await sql`INSERT INTO users (id, email, username) VALUES (${ids.ownerId}, 'ada@example.com', 'ada')`;
  await sql`INSERT INTO chat_providers (id, provider, display_name, base_url, api_key_ciphertext)
    VALUES (${ids.providerId}, 'anthropic', 'Anthropic', ${`${model.url}/v1`}, ${apiKeyCiphertext})`;
  await sql`INSERT INTO chat_model_configs (id, provider_id, model, display_name, is_default, context_limit,
      compression_threshold, input_price_per_million, output_price_per_million)
    VALUES (${ids.modelConfigId}, ${ids.providerId}, 'claude-test', 'Test', true, 200000, 70, 3, 15)`;
  await sql`INSERT INTO templates (id, name) VALUES (${ids.templateId}, 'Local')`;
  await sql`INSERT INTO workspaces (id, name, owner_id, template_id)
    VALUES (${ids.workspaceId}, 'w', ${ids.ownerId}, ${ids.templateId})`;

  const pubsub = createPubSub();
  const hosts = options.hosts ?? createGitHosts({ entries: [], clock: systemClock });
  const workspaces = createScriptedWorkspaces({
    sql,
    workspaceId: ids.workspaceId,
    run: options.runTool ?? (async ({ args }) => ({ result: args, is_error: false })),
  });
  const files = createDirectoryStore(await createTemporaryDirectory());
  const writer = { sql, pubsub };
  const claims = createClaims();
  const closers: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
    await model.close();
  });

  /** One process: a boot of its own, its own streams. */
  async function start({ bootId = newId() }: { bootId?: string } = {}): Promise<Daemon> {
    const streams = createStreamHub({ sql, pubsub, clock: systemClock, bootId });
    const worker = { installId: newId(), bootId, version: "test" };
    const parts = {
      writer,
      db,
      env,
      secrets,
      streams,
      files,
      workspaces: options.service ?? workspaces,
      hosts,
      clock: systemClock,
    };
    const daemon = await startDaemon({ ...parts, worker, isSolo: false, claims });
    closers.push(() => daemon.stop().then(() => streams.close()));
    return daemon;
  }

  const chatOf = async (chatId: string) =>
    (
      await sql`SELECT c.*, r.crash_count, r.runner_id, r.retry_state, r.worker_id FROM chats c
      JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ${chatId}`
    )[0];

  return {
    sql,
    writer,
    pubsub,
    model,
    workspaces,
    files,
    start,
    chatOf,
    asideContext: { sql, db, secrets, env, pubsub },
    ...ids,
    create: (content: string, rest: Partial<CreateChat> = {}) =>
      createChat(writer, { ownerId: ids.ownerId, content, modelConfigId: ids.modelConfigId, ...rest }),
    send: (chatId: string, content: string, busyBehavior: "queue" | "interrupt" | "steer" = "queue") =>
      sendMessage({ ...writer, claims }, { chatId, ownerId: ids.ownerId, content, busyBehavior }),
    rowsOf: (chatId: string) => sql`SELECT * FROM chat_messages WHERE chat_id = ${chatId} AND NOT deleted ORDER BY id`,
    until: (chatId: string, status: string) =>
      waitFor(async () => (await chatOf(chatId))?.status === status, `chat is ${status}`),
  };
}

/** Polls until the condition holds. @throws Error after ten seconds, naming it. */
export async function waitFor(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  let over = false;
  onTestFinished(() => {
    over = true;
  });
  while (!(await condition())) {
    if (over || Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
