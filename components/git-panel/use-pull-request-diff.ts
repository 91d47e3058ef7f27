"use client";

import { useQuery } from "@tanstack/react-query";
import type { Chat } from "@/lib/contract/chats";
import { gitClient } from "@/lib/contract/git-client";
import { usePatch } from "./diff/use-patch";

/** The diff that the git host shows. Read again when what is known of the pull request or the branch changes. */
export function usePullRequestDiff(chat: Chat) {
  const { diff_status: status } = chat;
  const isLinked = Boolean(status?.url || status?.git_branch);
  const query = useQuery({
    queryKey: [
      "chat-diff",
      chat.id,
      status?.url,
      status?.git_branch,
      status?.git_remote_origin,
      status?.commits,
      status?.additions,
      status?.deletions,
      status?.refreshed_at,
    ],
    queryFn: ({ signal }) => gitClient.diff(chat.id, { signal }),
    placeholderData: (previous) => previous,
    enabled: isLinked,
    // A host that limits requests says when; asking at once again helps nobody.
    retry: false,
  });
  const files = usePatch(query.data?.diff);
  return { isLinked, query, files };
}
