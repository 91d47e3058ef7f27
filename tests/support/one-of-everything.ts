/** People with one of everything that a path can name, and workspaces that are recorded and never built. */
import { createWorkspaceStore } from "@/db/queries/workspace-builds";
import { ApiError } from "@/lib/contract/errors";
import { newId } from "@/lib/ids";
import { createWorkspace } from "@/lib/workspaces/create";
import type { WorkspaceService } from "@/lib/workspaces/service";
import type { SignedInClient, TestApi } from "./api";
import { createChatAs } from "./chats";
import { insertMessage, insertModelConfig, insertQueuedMessage } from "./rows";

export type World = {
  client: SignedInClient;
  /** By the parameters of the paths; `id` is a workspace. */
  ids: Record<string, string | number>;
};

/** The real checks and rows; no sandbox is ever started. */
export function createIdleWorkspaces(api: TestApi): WorkspaceService {
  const store = createWorkspaceStore(api.db);
  const unused = () => Promise.reject(new Error("no workspace of this test runs"));
  return {
    start: async () => {},
    create: (request) => createWorkspace({ store, begin: () => {} }, request),
    build: async ({ workspaceId, transition }) => {
      const build = await store.insertBuild({ id: newId(), workspaceId, transition });
      if (!build) return unused();
      return { buildId: build.id };
    },
    connect: unused,
    findFiles: async () => {
      throw new ApiError("conflict", "No workspace of this test runs.");
    },
    find: async () => undefined,
    problem: () => null,
    close: async () => {},
  };
}

/** A default model and a template, which everybody shares. */
export async function insertShared(api: TestApi): Promise<{ config: string; provider: string; template: string }> {
  const config = await insertModelConfig(api.sql, { isDefault: true });
  const template = newId();
  await api.sql`INSERT INTO templates (id, name) VALUES (${template}, 'Local')`;
  // Numbers of their own, so that the id of a queued message is never that of a message.
  await api.sql`SELECT setval(pg_get_serial_sequence('chat_queued_messages', 'id'), 1000000)`;
  const [row] = await api.sql<{ provider: string }[]>`SELECT provider_id AS provider FROM chat_model_configs`;
  return { config, provider: row!.provider, template };
}

export async function createWorld(api: TestApi, client: SignedInClient): Promise<World> {
  const userId = client.user.id;
  const chat = await createChatAs(client);
  const token = await client.post("/users/me/tokens", { name: "extra" });
  const [session] = await api.sql<{ id: string }[]>`
    INSERT INTO sessions (id, user_id, token_hash, expires_at)
    VALUES (gen_random_uuid(), ${userId}, ${newId()}, now() + interval '1 day') RETURNING id`;
  const file = await client.fetch("/chats/files", { method: "POST", body: "notes" });
  const workspace = await client.post("/workspaces", { name: "mine" });
  // Over, so that another one may begin.
  await api.sql`UPDATE workspace_builds SET status = 'stopped', finished_at = now()`;
  return {
    client,
    ids: {
      chat: chat.id,
      message: await insertMessage(api.sql, { chatId: chat.id, role: "user", createdBy: userId }),
      queued: await insertQueuedMessage(api.sql, { chatId: chat.id, createdBy: userId, text: "next", position: 1 }),
      user: userId,
      file: ((await file.json()) as { id: string }).id,
      token: token.body.id,
      session: session!.id,
      id: workspace.body.id,
      build: workspace.body.latest_build.id,
    },
  };
}
