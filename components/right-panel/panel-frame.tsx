"use client";

import clsx from "clsx";
import { Maximize2, Minimize2, X } from "lucide-react";
import { Tabs } from "radix-ui";
import { Activity, type KeyboardEvent, memo, type RefObject, useEffect, useRef, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { usePanel } from "../agents-sidebar/frame-layout";
import { IconButton } from "../ui/icon-button";
import { useLateCode } from "../ui/late-code";
import { ResizeHandle } from "../ui/resize-handle";
import { Skeleton, SkeletonFrame } from "../ui/skeleton";
import { PanelActionsBar } from "./panel-actions";
import { PANEL_MAX_SHARE, PANEL_MIN_PX } from "./panel-layout";
import type { PanelTab } from "./panel-tabs";
import type { usePanelDrag } from "./use-panel-drag";

type PanelFrameProps = {
  chat: Chat;
  /** Those with content; at least one. */
  tabs: readonly PanelTab[];
  drag: ReturnType<typeof usePanelDrag>;
};

/** The panel itself: tab bar, the tab that shows, and the edge that is dragged. */
export function PanelFrame({ chat, tabs, drag }: PanelFrameProps) {
  const panel = usePanel();
  const root = useRef<HTMLElement>(null);
  const [actionBar, setActionBar] = useState<HTMLElement | null>(null);
  const active = tabs.find((tab) => tab.id === panel.tabId) ?? tabs[0];
  const visited = useVisited(active?.id);
  useCoverFocus(root, panel.isCovering);

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape" && !event.defaultPrevented && panel.isCovering) panel.close();
  }

  return (
    <aside
      ref={root}
      aria-label="Panel"
      tabIndex={-1}
      onKeyDown={onKeyDown}
      style={{
        flexBasis: drag.isFilled ? "100%" : drag.widthPx,
        maxWidth: drag.isFilled ? undefined : `${PANEL_MAX_SHARE * 100}vw`,
      }}
      className={clsx(
        "relative flex flex-col bg-page outline-none max-lg:screen-cover max-lg:fixed max-lg:inset-0 max-lg:z-30 max-lg:max-w-none!",
        "lg:min-w-(--panel-min) lg:border-line lg:border-l",
        panel.isCovering || "max-lg:hidden",
        panel.isOpen || "lg:hidden",
        drag.isClosing && "opacity-50",
      )}
    >
      <ResizeHandle
        label="Width of the panel"
        edge="left"
        size={drag.widthPx}
        min={PANEL_MIN_PX}
        max={drag.maxPx}
        className="max-lg:hidden"
        {...drag.handlers}
      />
      <Tabs.Root value={active?.id} onValueChange={panel.open} className="flex min-h-0 flex-1 flex-col">
        <div className="flex h-(--bar) shrink-0 items-center gap-1 border-line border-b px-3 max-sm:pr-1">
          <Tabs.List aria-label="Panel" className="flex min-w-0 flex-1 gap-1 overflow-x-auto">
            {tabs.map((tab) => (
              <Tabs.Trigger
                key={tab.id}
                value={tab.id}
                className="focus-ring-inset h-7 shrink-0 rounded-sm px-2.5 font-medium text-ink-3 text-md hover:text-ink-2 data-[state=active]:bg-active data-[state=active]:text-ink pointer-coarse:h-11"
              >
                {tab.label}
              </Tabs.Trigger>
            ))}
          </Tabs.List>
          <span ref={setActionBar} className="flex items-center gap-1" />
          <IconButton
            icon={drag.isFilled ? Minimize2 : Maximize2}
            label={drag.isFilled ? "Show the chat" : "Fill the window"}
            onClick={() => panel.setFilled(!panel.isFilled)}
            className="max-lg:hidden"
          />
          <IconButton icon={X} label="Close panel" onClick={panel.close} className="max-sm:size-11" />
        </div>
        <PanelActionsBar value={actionBar}>
          {tabs
            .filter((tab) => visited.has(tab.id))
            .map((tab) => (
              <Activity key={tab.id} mode={tab === active ? "visible" : "hidden"}>
                <Tabs.Content
                  value={tab.id}
                  forceMount
                  tabIndex={-1}
                  className="flex min-h-0 flex-1 flex-col outline-none"
                >
                  <TabContent tab={tab} chat={chat} />
                </Tabs.Content>
              </Activity>
            ))}
        </PanelActionsBar>
      </Tabs.Root>
    </aside>
  );
}

/** Memoised: a drag draws the frame alone. */
const TabContent = memo(function TabContent({ tab, chat }: { tab: PanelTab; chat: Chat }) {
  const code = useLateCode(tab.code);
  return code ? <code.Content chat={chat} /> : <TabSkeleton />;
});

function TabSkeleton() {
  return (
    <SkeletonFrame label="Loading the tab" className="grid gap-3 p-4">
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-3 w-4/5" />
      <Skeleton className="h-3 w-3/5" />
    </SkeletonFrame>
  );
}

/** Tabs that have shown: they keep what was typed in them. */
function useVisited(tabId: string | undefined): ReadonlySet<string> {
  const [visited, setVisited] = useState<ReadonlySet<string>>(() => new Set());
  if (tabId === undefined || visited.has(tabId)) return visited;
  const next = new Set(visited).add(tabId);
  setVisited(next);
  return next;
}

/** Where the panel covers the chat it takes the focus; closing gives it back to the button. */
function useCoverFocus(root: RefObject<HTMLElement | null>, isCovering: boolean): void {
  useEffect(() => {
    if (isCovering) root.current?.focus({ preventScroll: true });
    return () => {
      queueMicrotask(() => {
        const { activeElement } = document;
        const isLost = !activeElement || activeElement === document.body || !activeElement.isConnected;
        if (isLost) document.querySelector<HTMLElement>("[data-panel-toggle]")?.focus({ preventScroll: true });
      });
    };
  }, [root, isCovering]);
}
