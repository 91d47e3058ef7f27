"use client";

import { usePathname, useSearchParams } from "next/navigation";
import { useMemo } from "react";
import { formatListFilter, type ListFilter, parseListFilter } from "./list-filter";

/** The list's filter: in the address, so that it survives a reload, can be shared and goes along on every link. */
export function useChatFilter() {
  const params = useSearchParams();
  const pathname = usePathname();
  const search = formatListFilter(parseListFilter(params));
  // By its text: a stable object however often the address is read.
  const filter = useMemo(() => parseListFilter(new URLSearchParams(search)), [search]);
  return {
    filter,
    /** For links: `?archived=true`, or empty. */
    search,
    /** Only the list follows it, so the page is not asked for again. */
    setFilter: (next: ListFilter) => window.history.replaceState(null, "", pathname + formatListFilter(next)),
  };
}
