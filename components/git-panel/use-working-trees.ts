"use client";

import { useEffect, useState } from "react";
import { ApiError } from "@/lib/contract/errors";
import { gitClient } from "@/lib/contract/git-client";
import type { GitChanges, WorkingTree } from "@/lib/contract/working-tree";
import { reconnectDelayMs } from "../live/backoff";

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
  const [connection, setConnection] = useState(0);
  const [trees, setTrees] = useState(NOTHING_YET);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another number is another connection
  useEffect(
    () =>
      follow(chatId, {
        onChanges: (changes, isFirst) =>
          setTrees((before) => ({
            workspace: changes.workspace,
            repositories: foldChanges(isFirst ? [] : before.repositories, changes.repositories),
            error: null,
            isReconnecting: false,
          })),
        onLost: () => setTrees((before) => ({ ...before, isReconnecting: true })),
        onRefused: (error) => setTrees((before) => ({ ...before, error, isReconnecting: false })),
      }),
    [chatId, connection],
  );

  return {
    ...trees,
    retry: () => {
      setTrees((before) => ({ ...before, error: null }));
      setConnection((count) => count + 1);
    },
    refresh: async () => {
      await gitClient.refresh(chatId);
    },
  };
}

type Listener = {
  /** The first event of a connection holds every repository. */
  onChanges: (changes: GitChanges, isFirst: boolean) => void;
  /** It is connected again. */
  onLost: () => void;
  /** For good, with the reason. */
  onRefused: (reason: string) => void;
};

/**
 * Each connection begins without a position, so that its first event is whole; an EventSource that reconnects by itself
 * would get the difference to one that may have been missed. Returns what ends it.
 */
function follow(chatId: string, { onChanges, onLost, onRefused }: Listener): () => void {
  let attempt = 0;
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function connectLater() {
    attempt += 1;
    onLost();
    timer = setTimeout(connect, reconnectDelayMs(attempt, Math.random()));
  }

  function connect() {
    let isFirst = true;
    const opened = new EventSource(gitClient.streamUrl(chatId));
    source = opened;
    opened.addEventListener("changes", (event) => {
      attempt = 0;
      onChanges(JSON.parse(event.data) as GitChanges, isFirst);
      isFirst = false;
    });
    opened.addEventListener("error", () => {
      const isRefused = opened.readyState === EventSource.CLOSED;
      opened.close();
      if (isOver) return;
      if (isRefused) void findReason();
      else connectLater();
    });
  }

  /** An EventSource keeps the answer to itself: a plain call says it. */
  async function findReason() {
    try {
      await gitClient.refresh(chatId);
    } catch (error) {
      if (isOver) return;
      if (error instanceof ApiError && error.code !== "unavailable") return onRefused(error.message);
    }
    if (!isOver) connectLater();
  }

  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source?.close();
  };
}
