"use client";

import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { usersClient } from "@/lib/contract/client";
import type { ListedUser, PatchUserRequest } from "@/lib/contract/users";

const USERS_KEY = ["admin", "users"];
/** As many as the page reads for its first paint: `app/admin/users/page.tsx`. */
export const USERS_PAGE_SIZE = 100;

/** Everybody whom a search finds, page by page. `initial` is the first page of `initialSearch`. */
export function useUserAdmin(options: { search: string; initial: ListedUser[]; initialSearch: string }) {
  const { search, initial, initialSearch } = options;
  const client = useQueryClient();
  const query = useInfiniteQuery({
    queryKey: [...USERS_KEY, search],
    queryFn: ({ pageParam, signal }) =>
      usersClient.list({ limit: USERS_PAGE_SIZE, offset: pageParam, q: search || undefined }, { signal }),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => (page.length < USERS_PAGE_SIZE ? undefined : pages.length * USERS_PAGE_SIZE),
    initialData: search === initialSearch ? { pages: [initial], pageParams: [0] } : undefined,
    placeholderData: keepPreviousData,
  });
  const users = useMemo(() => {
    const all = query.data?.pages.flat() ?? [];
    return [...new Map(all.map((user) => [user.id, user])).values()];
  }, [query.data]);
  return { ...query, users, reload: () => client.invalidateQueries({ queryKey: USERS_KEY }) };
}

/** Changes one account. The server refuses what would lock everybody out, and says so. */
export function useUserChange(userId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: PatchUserRequest) => usersClient.patch(userId, change),
    onSuccess: () => client.invalidateQueries({ queryKey: USERS_KEY }),
  });
}

/** Deletes one account, for good. */
export function useUserDeletion(userId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => usersClient.delete(userId),
    onSuccess: () => client.invalidateQueries({ queryKey: USERS_KEY }),
  });
}
