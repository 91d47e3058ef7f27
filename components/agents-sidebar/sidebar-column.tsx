"use client";

import clsx from "clsx";
import { type CSSProperties, type ReactNode, useState } from "react";
import { ResizeHandle } from "../ui/resize-handle";
import { useSidebar } from "./frame-layout";
import { limitSidebarWidth, SIDEBAR_DEFAULT_PX, SIDEBAR_MAX_PX, SIDEBAR_MIN_PX } from "./sidebar-cookie";

/** So far below its least width the sidebar hides when the edge is let go. */
const SNAP_PX = 80;

/** The sidebar's box on a wide screen: hidden or shown, as wide as it was dragged. On a phone it is part of the page. */
export function SidebarColumn({ isIndex, children }: { isIndex: boolean; children: ReactNode }) {
  const sidebar = useSidebar();
  const [draftPx, setDraftPx] = useState<number | null>(null);
  const widthPx = draftPx ?? sidebar.widthPx;

  function commit(wantedPx: number) {
    setDraftPx(null);
    if (wantedPx < SIDEBAR_MIN_PX - SNAP_PX) sidebar.setHidden(true);
    else sidebar.setWidth(limitSidebarWidth(wantedPx));
  }

  return (
    <aside
      aria-label="Agents"
      style={{ "--sidebar": `${widthPx}px` } as CSSProperties}
      className={clsx(
        "relative flex w-(--sidebar) shrink-0 flex-col border-line border-r bg-sidebar",
        sidebar.isHidden && "sm:hidden",
        isIndex ? "max-sm:contents" : "max-sm:hidden",
      )}
    >
      {children}
      <ResizeHandle
        label="Width of the sidebar"
        edge="right"
        size={widthPx}
        min={SIDEBAR_MIN_PX}
        max={SIDEBAR_MAX_PX}
        onDrag={(wantedPx) => setDraftPx(limitSidebarWidth(wantedPx))}
        onCommit={commit}
        onCancel={() => setDraftPx(null)}
        onReset={() => sidebar.setWidth(SIDEBAR_DEFAULT_PX)}
        className="max-sm:hidden"
      />
    </aside>
  );
}
