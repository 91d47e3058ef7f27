"use client";

import clsx from "clsx";
import { useParams, usePathname } from "next/navigation";
import type { ReactNode } from "react";
import type { User } from "@/lib/contract/users";
import { LiveProvider } from "../live/use-live-stream";
import type { PanelTaste } from "../right-panel/panel-layout";
import { useKeyboardRoom } from "../use-keyboard-room";
import { UserMenu } from "../user-menu";
import type { Group } from "./chat-groups";
import { ChatList } from "./chat-list";
import { FrameLayoutProvider } from "./frame-layout";
import { SearchProvider } from "./search-button";
import { SidebarColumn } from "./sidebar-column";
import type { SidebarTaste } from "./sidebar-cookie";
import { PhoneHead, SidebarHead } from "./sidebar-heads";
import { SidebarToggle } from "./sidebar-toggle";
import type { FirstPage } from "./use-chat-list";

type AgentsFrameProps = {
  user: User;
  /** What the page was built from. */
  build: string;
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
  useKeyboardRoom();

  return (
    <LiveProvider userId={user.id} build={props.build}>
      <FrameLayoutProvider sidebar={props.sidebar} panel={props.panel}>
        <SearchProvider>
          <div
            className={clsx(
              "flex h-(--frame-height) overflow-hidden",
              isIndex && "max-sm:h-auto max-sm:min-h-(--frame-height) max-sm:flex-col max-sm:overflow-visible",
            )}
          >
            <SidebarColumn isIndex={isIndex}>
              <SidebarHead isIndex={isIndex} />
              <PhoneHead user={user} />
              <section
                aria-label="List of agents"
                className="min-h-0 flex-1 overflow-y-auto px-2 pb-3 max-sm:order-2 max-sm:flex-none max-sm:overflow-visible max-sm:pb-[max(24px,env(safe-area-inset-bottom))]"
              >
                <ChatList
                  firstPage={firstPage}
                  modelNames={modelNames}
                  openChatId={chatId ?? null}
                  startsClosed={props.startsClosed}
                />
              </section>
              <div className="flex h-12 shrink-0 items-center border-line border-t px-1 max-sm:hidden">
                <UserMenu user={user} />
              </div>
            </SidebarColumn>
            <main
              className={clsx("relative flex min-w-0 flex-1 flex-col", isIndex && "max-sm:order-1 max-sm:flex-none")}
            >
              {isIndex ? (
                <div className="absolute top-2.5 left-3 z-10">
                  <SidebarToggle />
                </div>
              ) : null}
              {children}
            </main>
          </div>
        </SearchProvider>
      </FrameLayoutProvider>
    </LiveProvider>
  );
}
