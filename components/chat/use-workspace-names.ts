"use client";

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { chatsClient, workspacesClient } from "@/lib/contract/client";
import type { Skill } from "@/lib/contract/workspaces";
import type { FindFiles } from "./use-suggestions";

/** Skills are files of the repository: they seldom change while somebody types. */
const SKILLS_FRESH_MS = 60_000;
const MAX_FILES = 50;
const NO_SKILLS: readonly Skill[] = [];

type WorkspaceNamesOptions = {
  chatId: string;
  workspaceId: string | null;
  /** Skills are asked for once a slash was typed. */
  hasSlash: boolean;
};

/** What the chat's workspace can complete: its skills, and its files by a part of their path. */
export function useWorkspaceNames({ chatId, workspaceId, hasSlash }: WorkspaceNamesOptions) {
  const { data: skills = NO_SKILLS } = useQuery({
    queryKey: ["chats", "skills", chatId, workspaceId],
    queryFn: ({ signal }) => chatsClient.skills(chatId, { signal }),
    enabled: hasSlash && workspaceId !== null,
    // None may mean that the workspace does not run yet.
    staleTime: ({ state }) => (state.data?.length ? SKILLS_FRESH_MS : 0),
    retry: false,
  });
  const findFiles = useMemo<FindFiles | undefined>(() => {
    if (workspaceId === null) return undefined;
    return async (q, signal) => (await workspacesClient.files(workspaceId, { q, limit: MAX_FILES }, { signal })).files;
  }, [workspaceId]);
  return { skills, findFiles };
}
