/** Runs the pull-request worker in this process: its parts, and what wakes it. Decides nothing about pull requests. */
import { createSyncStore } from "@/db/queries/git-sync";
import type { ChatWriter } from "@/lib/chats/transition";
import type { Env } from "@/lib/env";
import { type ExternalAuthParts, noteFailure, resolveToken } from "@/lib/external-auth/tokens";
import { createSyncWorker } from "@/lib/gitsync/worker";
import { createPullRequestFeedback } from "./pull-request-feedback";

export type GitSyncOptions = ExternalAuthParts & { writer: ChatWriter; env: Env; signal: AbortSignal };

/** Works until the signal aborts; resolves then. */
export async function startGitSync({ writer, env, signal, ...parts }: GitSyncOptions): Promise<void> {
  const { sql, pubsub } = writer;
  const feedback = createPullRequestFeedback(writer);
  const worker = createSyncWorker(
    {
      store: createSyncStore(sql),
      hosts: parts.hosts,
      clock: parts.clock,
      resolveToken: (options) => resolveToken(parts, options),
      onRefused: (options) => noteFailure(parts.db, options),
      onChange: ({ chatId, ownerId, rootChatId }) => {
        const watch = ["diff_status_change" as const];
        pubsub.publish({ type: "chat", chatId, ownerId, rootChatId, version: 0, status: null, watch, runnable: false });
      },
      onSeen: feedback.onSeen,
    },
    signal,
  );
  const unsubscribe = pubsub.subscribe((hint) => {
    if (hint.type === "git") worker.wake();
  });
  await worker.run({ intervalMs: env.SLIPWAY_GITSYNC_INTERVAL_MS }).finally(() => {
    unsubscribe();
    feedback.close();
  });
}
