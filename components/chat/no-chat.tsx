"use client";

import type { ReactNode } from "react";
import { SidebarToggle } from "../agents-sidebar/sidebar-toggle";
import { BackLink } from "./back-link";

/** Where a chat would be: what happened in its place, below the bar that leads back to the list. */
export function NoChat({ children }: { children: ReactNode }) {
  return (
    <>
      <header className="flex h-(--bar) shrink-0 items-center border-line px-3 max-sm:border-b max-sm:px-2">
        <BackLink />
        <SidebarToggle />
      </header>
      <div className="grid flex-1 place-items-center p-6 pt-0">{children}</div>
    </>
  );
}
