"use client";

import { useEffect, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import type { GitChanges, WorkingTree } from "@/lib/contract/working-tree";

export type WorkingTrees = {
  /** Null until the server has looked. */
  workspace: GitChanges["workspace"] | null;
  repositories: readonly WorkingTree[];
  /** Why nothing comes, for a person. */
  error: string | null;
  /** The connection broke and is made again. */
  isReconnecting: boolean;
};

const NOTHING_YET: WorkingTrees = { workspace: null, repositories: [], error: null, isReconnecting: false };

/** A repository that is gone leaves; one that changed is replaced. Pure. */
export function foldChanges(before: readonly WorkingTree[], changes: readonly WorkingTree[]): WorkingTree[] {
  const trees = new Map(before.map((tree) => [tree.root, tree]));
  for (const tree of changes) {
    if (tree.removed) trees.delete(tree.root);
    else trees.set(tree.root, tree);
  }
  return [...trees.values()].sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** The repositories of the chat's workspace, live as long as the caller shows. */
export function useWorkingTrees(chatId: string): WorkingTrees & { retry: () => void; refresh: () => Promise<void> } {
  const [attempt, setAttempt] = useState(0);
  const [trees, setTrees] = useState(NOTHING_YET);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another connection
  useEffect(() => {
    const source = new EventSource(gitClient.streamUrl(chatId));
    /** The first event of a connection holds every repository. */
    let isFirst = true;
    source.addEventListener("open", () => {
      isFirst = true;
    });
    source.addEventListener("changes", (event) => {
      const changes = JSON.parse(event.data) as GitChanges;
      const isWhole = isFirst;
      isFirst = false;
      setTrees((before) => ({
        workspace: changes.workspace,
        repositories: foldChanges(isWhole ? [] : before.repositories, changes.repositories),
        error: null,
        isReconnecting: false,
      }));
    });
    source.addEventListener("error", () => {
      if (source.readyState !== EventSource.CLOSED) {
        setTrees((before) => ({ ...before, isReconnecting: true }));
        return;
      }
      // An EventSource keeps the reason to itself: a plain call says it.
      gitClient.refresh(chatId).then(
        () => setAttempt((count) => count + 1),
        (cause: unknown) => setTrees((before) => ({ ...before, error: errorText(cause), isReconnecting: false })),
      );
    });
    return () => source.close();
  }, [chatId, attempt]);

  return {
    ...trees,
    retry: () => {
      setTrees((before) => ({ ...before, error: null }));
      setAttempt((count) => count + 1);
    },
    refresh: async () => {
      const changes = await gitClient.refresh(chatId);
      setTrees({
        workspace: changes.workspace,
        repositories: foldChanges([], changes.repositories),
        error: null,
        isReconnecting: false,
      });
    },
  };
}
