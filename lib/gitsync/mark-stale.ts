/** Cheap marks that a chat's branch or pull request has news: one statement, then hints. Asks no git host. */
import type { Sql } from "postgres";
import { type MarkedChat, setGitReference, setWorkspaceReference } from "@/db/queries/git-references";
import { notFound } from "@/lib/contract/errors";
import { repositoryKey } from "@/lib/gitproviders/remote";
import type { PubSub } from "@/lib/pubsub";

export type Marker = { sql: Sql; pubsub: PubSub };

/** A workspace pushed a branch: its chats follow it from now on. */
export async function markPushed(
  marker: Marker,
  { workspaceId, branch, origin }: { workspaceId: string; branch: string; origin: string },
): Promise<void> {
  const key = repositoryKey(origin);
  announce(marker, await setWorkspaceReference(marker.sql, { workspaceId, branch, origin, repositoryKey: key }));
}

/** A person links a branch or a pull request by hand. What is undefined stays. @throws ApiError `not_found`. */
export async function linkReference(
  marker: Marker,
  options: { chatId: string; ownerId: string; branch?: string; origin?: string; url?: string | null },
): Promise<void> {
  const key = options.origin === undefined ? undefined : repositoryKey(options.origin);
  const marked = await setGitReference(marker.sql, { ...options, repositoryKey: key });
  if (!marked) throw notFound();
  announce(marker, [marked]);
}

function announce({ pubsub }: Marker, marked: readonly MarkedChat[]): void {
  for (const { chatId, ownerId, rootChatId } of marked) {
    const watch = ["diff_status_change" as const];
    pubsub.publish({ type: "chat", chatId, ownerId, rootChatId, version: 0, status: null, watch, runnable: false });
  }
  if (marked.length > 0) pubsub.publish({ type: "git" });
}
