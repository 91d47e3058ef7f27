import { createSyncStore } from "@/db/queries/git-sync";
import { chatPathSchema } from "@/lib/contract/chat-queries";
import { chatDiffSchema } from "@/lib/contract/git";
import { resolveToken } from "@/lib/external-auth/tokens";
import { getChatDiff } from "@/lib/gitsync/chat-diff";
import { route } from "@/lib/server/http";

export const GET = route(
  {
    access: "member",
    summary: "Reads the diff of the chat's pull request, or of its branch, from the git host; at most 4 MiB.",
    params: chatPathSchema,
    response: chatDiffSchema,
  },
  async ({ runtime, db, actor, params, request }) => {
    const parts = { ...runtime, db };
    return getChatDiff(
      {
        ...parts,
        store: createSyncStore(runtime.sql),
        resolveToken: (options) => resolveToken(parts, options),
      },
      { chatId: params.chat, ownerId: actor.userId, signal: request.signal },
    );
  },
);
