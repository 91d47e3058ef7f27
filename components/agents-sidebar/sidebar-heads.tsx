"use client";

import clsx from "clsx";
import { PanelLeft, Settings, SquarePen } from "lucide-react";
import type { User } from "@/lib/contract/users";
import { IconButton } from "../ui/icon-button";
import { IconLink } from "../ui/icon-link";
import { Logo } from "../ui/logo";
import { UserMenu } from "../user-menu";
import { AgentsLink } from "./agents-link";
import { FilterButton } from "./filter-button";
import { useSidebar } from "./frame-layout";
import { SearchIcon, SearchRow } from "./search-button";
import { useChatFilter } from "./use-chat-filter";

/** Above the list on a wide screen. */
export function SidebarHead({ isIndex }: { isIndex: boolean }) {
  const { setHidden } = useSidebar();
  return (
    <div className="max-sm:hidden">
      <div className="flex h-12 items-center gap-1 pr-2 pl-4">
        <AgentsLink
          href="/agents"
          className="mr-auto flex items-center gap-1.5 rounded-sm font-semibold text-lg tracking-tight"
        >
          <Logo />
          Slipway
        </AgentsLink>
        <IconLink icon={Settings} label="Settings" href="/settings" />
        <IconButton icon={PanelLeft} label="Hide sidebar" onClick={() => setHidden(true)} />
      </div>
      <nav aria-label="Agents" className="px-2 pb-2">
        <AgentsLink
          href="/agents"
          aria-current={isIndex ? "page" : undefined}
          className={clsx(
            "focus-ring-inset flex h-7.5 items-center gap-2 rounded-sm px-2 font-medium",
            isIndex ? "bg-active text-ink [&>svg]:text-ink-2" : "text-ink-2 hover:bg-hover [&>svg]:text-ink-3",
          )}
        >
          <SquarePen aria-hidden />
          New agent
        </AgentsLink>
        <SearchRow />
      </nav>
    </div>
  );
}

/** Above everything on a phone. */
export function PhoneHead({ user }: { user: User }) {
  const { filter } = useChatFilter();
  return (
    <header className="-mt-[env(safe-area-inset-top)] sticky top-0 z-20 box-content flex h-13 shrink-0 items-center gap-1 border-line border-b bg-page pt-[env(safe-area-inset-top)] pr-1 pl-3 sm:hidden">
      <Logo />
      <h1 className="mr-auto ml-1 font-semibold text-xl">
        {filter.archive === "archived" ? "Archived agents" : "Agents"}
      </h1>
      <FilterButton size="md" className="size-11" />
      <SearchIcon />
      <UserMenu user={user} isCompact />
    </header>
  );
}
