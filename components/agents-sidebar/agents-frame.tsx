"use client";

import clsx from "clsx";
import { PanelLeft, Settings, SquarePen } from "lucide-react";
import Link from "next/link";
import { useParams, usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";
import type { User } from "@/lib/contract/users";
import { LiveProvider } from "../live/use-live-stream";
import type { PanelTaste } from "../right-panel/panel-layout";
import { IconButton } from "../ui/icon-button";
import { IconLink } from "../ui/icon-link";
import { Logo } from "../ui/logo";
import { UserMenu } from "../user-menu";
import type { Group } from "./chat-groups";
import { ChatList } from "./chat-list";
import { FrameLayoutProvider, useSidebar } from "./frame-layout";
import { SidebarColumn } from "./sidebar-column";
import type { SidebarTaste } from "./sidebar-cookie";
import { SidebarToggle } from "./sidebar-toggle";
import type { FirstPage } from "./use-chat-list";

type AgentsFrameProps = {
  user: User;
  firstPage: FirstPage;
  modelNames: Readonly<Record<string, string>>;
  sidebar: SidebarTaste;
  panel: PanelTaste;
  /** Sections of the list that are closed at first. */
  startsClosed: readonly Group[];
  children: ReactNode;
};

/**
 * The frame of all agent pages: sidebar and page side by side. On a phone the index is one column, composer first, then
 * the list, and a chat covers it.
 */
export function AgentsFrame(props: AgentsFrameProps) {
  const { user, firstPage, modelNames, children } = props;
  const { chatId } = useParams<{ chatId?: string }>();
  const isIndex = usePathname() === "/agents";
  const archived = useSearchParams().get("archived") === "true";

  return (
    <LiveProvider userId={user.id}>
      <FrameLayoutProvider sidebar={props.sidebar} panel={props.panel}>
        <div
          className={clsx(
            "flex h-dvh overflow-hidden",
            isIndex && "max-sm:h-auto max-sm:min-h-dvh max-sm:flex-col max-sm:overflow-visible",
          )}
        >
          <SidebarColumn isIndex={isIndex}>
            <SidebarHead isIndex={isIndex} />
            <PhoneHead user={user} archived={archived} />
            <section
              aria-label="List of agents"
              className="min-h-0 flex-1 overflow-y-auto px-2 pb-3 max-sm:order-2 max-sm:flex-none max-sm:overflow-visible max-sm:pb-[max(24px,env(safe-area-inset-bottom))]"
            >
              <ChatList
                firstPage={firstPage}
                modelNames={modelNames}
                openChatId={chatId ?? null}
                archived={archived}
                startsClosed={props.startsClosed}
                search={archived ? "?archived=true" : ""}
              />
            </section>
            <div className="flex h-12 shrink-0 items-center border-line border-t px-1 max-sm:hidden">
              <UserMenu user={user} />
            </div>
          </SidebarColumn>
          <main className={clsx("relative flex min-w-0 flex-1 flex-col", isIndex && "max-sm:order-1 max-sm:flex-none")}>
            {isIndex ? (
              <div className="absolute top-2.5 left-3 z-10">
                <SidebarToggle />
              </div>
            ) : null}
            {children}
          </main>
        </div>
      </FrameLayoutProvider>
    </LiveProvider>
  );
}

function SidebarHead({ isIndex }: { isIndex: boolean }) {
  const { setHidden } = useSidebar();
  return (
    <div className="max-sm:hidden">
      <div className="flex h-12 items-center gap-1 pr-2 pl-4">
        <Link
          href="/agents"
          className="mr-auto flex items-center gap-1.5 rounded-sm font-semibold text-lg tracking-tight"
        >
          <Logo />
          Slipway
        </Link>
        <IconLink icon={Settings} label="Settings" href="/settings" />
        <IconButton icon={PanelLeft} label="Hide sidebar" onClick={() => setHidden(true)} />
      </div>
      <nav aria-label="Agents" className="px-2 pb-2">
        <Link
          href="/agents"
          aria-current={isIndex ? "page" : undefined}
          className={clsx(
            "focus-ring-inset flex h-7.5 items-center gap-2 rounded-sm px-2 font-medium",
            isIndex ? "bg-active text-ink [&>svg]:text-ink-2" : "text-ink-2 hover:bg-hover [&>svg]:text-ink-3",
          )}
        >
          <SquarePen aria-hidden />
          New agent
        </Link>
      </nav>
    </div>
  );
}

function PhoneHead({ user, archived }: { user: User; archived: boolean }) {
  return (
    <header className="sticky top-0 z-20 flex h-13 shrink-0 items-center gap-1 border-line border-b bg-page pr-1 pl-3 sm:hidden">
      <Logo />
      <h1 className="ml-1 font-semibold text-xl">{archived ? "Archived agents" : "Agents"}</h1>
      <div className="ml-auto">
        <UserMenu user={user} isCompact />
      </div>
    </header>
  );
}
