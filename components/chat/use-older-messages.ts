"use client";

import { useCallback, useRef, useState } from "react";
import { errorText } from "@/lib/contract/client";

/** Older history on demand: one request at a time; after a failure it waits for a person. */
export function useOlderMessages(load: () => Promise<void>): {
  isLoading: boolean;
  error: string | null;
  /** Counts finished requests. */
  pages: number;
  onReach: () => void;
  retry: () => void;
} {
  const [isLoading, setLoading] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [pages, setPages] = useState(0);
  const isBusy = useRef(false);

  const run = useCallback(() => {
    if (isBusy.current) return;
    isBusy.current = true;
    setLoading(true);
    setError(null);
    load()
      .catch((failure: unknown) => setError(errorText(failure)))
      .finally(() => {
        isBusy.current = false;
        setLoading(false);
        setPages((count) => count + 1);
      });
  }, [load]);

  const hasFailed = error !== null;
  const onReach = useCallback(() => {
    if (!hasFailed) run();
  }, [hasFailed, run]);
  return { isLoading, error, pages, onReach, retry: run };
}
