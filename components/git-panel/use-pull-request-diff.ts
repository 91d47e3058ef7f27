"use client";

import { type QueryClient, queryOptions, useQuery } from "@tanstack/react-query";
import type { Chat } from "@/lib/contract/chats";
import { gitClient } from "@/lib/contract/git-client";
import { usePatch } from "./diff/use-patch";

const isLinked = ({ diff_status: status }: Chat): boolean => Boolean(status?.url || status?.git_branch);

/** Read again when what is known of the pull request or the branch changes. */
function diffQuery(chat: Chat) {
  const { diff_status: status } = chat;
  return queryOptions({
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
    // A host that limits requests says when; asking at once again helps nobody.
    retry: false,
  });
}

/** The diff that the git host shows. */
export function usePullRequestDiff(chat: Chat) {
  const query = useQuery({
    ...diffQuery(chat),
    placeholderData: (previous) => previous,
    enabled: isLinked(chat),
  });
  const files = usePatch(query.data?.diff);
  return { isLinked: isLinked(chat), query, files };
}

/** Asks for the diff ahead of its panel; what is known or under way is not asked for again. */
export function prepareGitPanel(chat: Chat, client: QueryClient): void {
  if (isLinked(chat)) void client.prefetchQuery(diffQuery(chat));
}
