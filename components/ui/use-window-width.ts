"use client";

import { useSyncExternalStore } from "react";

/** Wider than any limit: the server's page is narrowed by its style alone. */
const UNKNOWN_PX = 1920;

function subscribe(listener: () => void): () => void {
  window.addEventListener("resize", listener);
  return () => window.removeEventListener("resize", listener);
}

/** Pixels of the window, for what style sheets cannot decide. */
export const useWindowWidth = (): number =>
  useSyncExternalStore(
    subscribe,
    () => window.innerWidth,
    () => UNKNOWN_PX,
  );
