/** The pull-request worker over a test's real database, and deliveries of webhooks as GitHub signs them. */
import { createHmac, randomUUID } from "node:crypto";
import { createSyncStore } from "@/db/queries/git-sync";
import { systemClock } from "@/lib/clock";
import { noteFailure, resolveToken } from "@/lib/external-auth/tokens";
import type { GitHosts } from "@/lib/gitproviders/registry";
import { createSyncWorker, type SyncWorker } from "@/lib/gitsync/worker";
import type { TestApi } from "./api";

export const WEBHOOK_SECRET = "hook-secret";

/** As the daemon makes it, without the feedback loop. */
export function createTestSyncWorker(api: TestApi, hosts: GitHosts): SyncWorker {
  const parts = { db: api.db, secrets: api.runtime.secrets, hosts, clock: systemClock };
  return createSyncWorker(
    {
      ...parts,
      store: createSyncStore(api.sql),
      resolveToken: (options) => resolveToken(parts, options),
      onRefused: (options) => noteFailure(api.db, options),
      onChange: ({ chatId, ownerId, rootChatId }) => {
        const watch = ["diff_status_change" as const];
        const hint = { type: "chat" as const, chatId, ownerId, rootChatId, version: 0, status: null, watch };
        api.runtime.pubsub.publish({ ...hint, runnable: false });
      },
    },
    new AbortController().signal,
  );
}

export type Delivery = { id?: string; secret?: string; signature?: string | null };

/** Signed over its very bytes, unless told otherwise. */
export async function deliver(api: TestApi, event: string, payload: unknown, options: Delivery = {}) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const digest = createHmac("sha256", options.secret ?? WEBHOOK_SECRET)
    .update(body)
    .digest("hex");
  const headers = new Headers({ "x-github-event": event, "x-github-delivery": options.id ?? randomUUID() });
  if (options.signature !== null) headers.set("x-hub-signature-256", options.signature ?? `sha256=${digest}`);
  const response = await api.anonymous.fetch("/webhooks/github", { method: "POST", body, headers });
  return { status: response.status, body: await response.json() };
}
