"use client";

import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { administeredWorkspacesClient } from "@/lib/contract/client";
import type { AdministeredWorkspace, AdministratorsTransition, BuildStatus } from "@/lib/contract/workspaces";

const WORKSPACES_KEY = ["admin", "workspaces"];
/** As many as the page reads for its first paint: `app/admin/workspaces/page.tsx`. */
const PAGE_SIZE = 100;
/** A stop takes a second or two; nobody waits longer to see it. */
const CHANGING_MS = 2_000;

const SETTLED: ReadonlySet<BuildStatus> = new Set(["running", "stopped", "failed"]);
export const isChanging = ({ status }: AdministeredWorkspace): boolean => !SETTLED.has(status);

/** Everybody's workspaces, page by page; looked at again while one of them changes. */
export function useWorkspaceAdmin(initial: AdministeredWorkspace[]) {
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: WORKSPACES_KEY,
    queryFn: ({ pageParam, signal }) =>
      administeredWorkspacesClient.list({ limit: PAGE_SIZE, offset: pageParam }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < PAGE_SIZE ? undefined : pages.length * PAGE_SIZE),
    initialData: { pages: [initial], pageParams: [0] },
    refetchInterval: ({ state }) => (state.data?.pages.flat().some(isChanging) ? CHANGING_MS : false),
  });
  const workspaces = useMemo(() => {
    const all = query.data.pages.flat();
    return [...new Map(all.map((workspace) => [workspace.id, workspace])).values()];
  }, [query.data]);
  const build = async (workspace: AdministeredWorkspace, transition: AdministratorsTransition) => {
    await administeredWorkspacesClient.build(workspace.id, { transition });
    await client.invalidateQueries({ queryKey: WORKSPACES_KEY });
  };
  return { ...query, workspaces, build };
}
