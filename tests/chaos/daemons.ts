/** Daemons of the built product, to be killed: one database, one model server, and the product's own verbs for the person. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect } from "vitest";
import { createSql } from "@/db/connect";
import { startEmbeddedPostgres } from "@/db/embedded";
import { createChat } from "@/lib/chats/create-chat";
import { newId } from "@/lib/ids";
import { createPubSub } from "@/lib/pubsub";
import { killSandboxes } from "../support/end-sandboxes";
import type { Script } from "../support/model-script";
import { startModelServer } from "../support/model-server";
import { type ServerProcess, startServerProcess } from "../support/server-process";

export type Arming = { mark: string; phase: "before" | "after"; action: "kill" };

const preload = fileURLToPath(new URL("../support/failpoints.mjs", import.meta.url));
const PATIENCE_MS = 40_000;
const TOKEN = "slp_administrator_of_the_kills_0000000000";

/** Nobody hears a hint of the person's side: the daemons find everything by their look once a second. */
export async function createDaemons(script: Script) {
  const directory = await mkdtemp(join(tmpdir(), "slipway-kills-"));
  const arming = join(directory, "arming.json");
  const model = await startModelServer({ script });
  const postgres = await startEmbeddedPostgres({ dataDir: join(directory, "cluster") });
  const sql = createSql(postgres.address, { max: 4 });
  const socket = postgres.address.kind === "socket" ? postgres.address.directory : "";
  const running = new Set<ServerProcess>();
  const ownerId = newId();
  const writer = { sql, pubsub: createPubSub() };

  /** Waits until it works. One that serves as well has an administrator, with the token. */
  async function launch(role: "daemon" | "all" = "daemon"): Promise<ServerProcess> {
    const server = startServerProcess({
      nodeArguments: ["--import", pathToFileURL(preload).href],
      env: {
        FAILPOINT_ARMING: arming,
        FAILPOINT_PASSED: join(directory, "passed"),
        SLIPWAY_ROLE: role,
        SLIPWAY_ADMIN_EMAIL: "admin@example.test",
        SLIPWAY_ADMIN_PASSWORD: "correct horse battery",
        SLIPWAY_ADMIN_TOKEN: TOKEN,
        SLIPWAY_DATA_DIR: directory,
        DATABASE_URL: `postgres://slipway@${encodeURIComponent(socket)}:5432/slipway`,
        SLIPWAY_WORKER_HEARTBEAT_MS: "500",
        SLIPWAY_WORKER_LEASE_MS: "2000",
        ANTHROPIC_API_KEY: "sk-ant-of-the-kills",
        ANTHROPIC_BASE_URL: `${model.url}/v1`,
      },
    });
    running.add(server);
    await server.ready;
    return server;
  }

  const one = async (chatId: string) =>
    (
      await sql`SELECT c.status, c.workspace_id, r.runner_id, r.worker_id, r.history_version
      FROM chats c JOIN chat_runs r ON r.chat_id = c.id WHERE c.id = ${chatId}`
    )[0];

  return {
    sql,
    writer,
    ownerId,
    model,
    launch,
    chatOf: one,
    rowsOf: (chatId: string) => sql`SELECT * FROM chat_messages WHERE chat_id = ${chatId} AND NOT deleted ORDER BY id`,
    until: (chatId: string, status: string) =>
      expect.poll(async () => (await one(chatId))?.status, { timeout: PATIENCE_MS }).toBe(status),
    /** The first daemon has migrated the database: who is asked for exists from then on. */
    async insertPerson() {
      await sql`INSERT INTO users (id, email, username) VALUES (${ownerId}, 'ada@example.test', 'ada')`;
    },
    async create(content: string): Promise<string> {
      const [config] = await sql`SELECT id FROM chat_model_configs WHERE is_default AND deleted_at IS NULL`;
      return (await createChat(writer, { ownerId, content, modelConfigId: config?.id as string })).chatId;
    },
    /** As the administrator. @throws Error when no answer comes. */
    post: (server: ServerProcess, path: string, body: unknown, key: string) =>
      fetch(`${server.url}/api/experimental${path}`, {
        method: "POST",
        headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json", "idempotency-key": key },
        body: JSON.stringify(body),
      }),
    /** The next process that passes the mark dies there. */
    arm: (mark: string, phase: Arming["phase"]) =>
      writeFile(arming, JSON.stringify({ mark, phase, action: "kill" } satisfies Arming)),
    async dies(server: ServerProcess) {
      await expect.poll(() => server.hasExited(), { timeout: PATIENCE_MS }).toBe(true);
      await rm(arming, { force: true });
    },
    /** What commands wrote into a file of the chat's workspace. */
    async effectsOf(chatId: string, file: string): Promise<string[]> {
      const path = join(directory, "workspaces", (await one(chatId))?.workspace_id as string, "work", file);
      return (await readFile(path, "utf8")).split("\n").filter(Boolean);
    },
    postmasterPid: async () =>
      Number((await readFile(join(directory, "cluster/postgres/postmaster.pid"), "utf8")).split("\n")[0]),
    async close() {
      await Promise.all([...running].map((server) => server.stop()));
      await sql.end({ timeout: 2 });
      await postgres.stop();
      await model.close();
      killSandboxes(directory);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
