"use client";

import { useState } from "react";
import { usePanel, useSidebar } from "../agents-sidebar/frame-layout";
import { useWindowWidth } from "../ui/use-window-width";
import { maxPanelPx, PANEL_DEFAULT_PX, type PanelDrag, snapPanel } from "./panel-layout";

/** The panel's width while its edge is dragged, and what the end of the drag means. */
export function usePanelDrag() {
  const panel = usePanel();
  const sidebar = useSidebar();
  const [drag, setDrag] = useState<PanelDrag | null>(null);
  const windowPx = useWindowWidth();
  const maxPx = maxPanelPx({ windowPx, sidebarPx: sidebar.isHidden ? 0 : sidebar.widthPx });

  function onDrag(wantedPx: number, pointerX: number) {
    // At the window's edge the sidebar gives its place.
    if (pointerX <= 0 && !sidebar.isHidden) sidebar.setHidden(true);
    setDrag(snapPanel(wantedPx, maxPx));
  }

  function onCommit(wantedPx: number) {
    setDrag(null);
    const snapped = snapPanel(wantedPx, maxPx);
    panel.setFilled(snapped.kind === "fill");
    panel.setWidth(snapped.kind === "width" ? snapped.widthPx : PANEL_DEFAULT_PX);
    if (snapped.kind === "close") panel.close();
  }

  return {
    widthPx: drag?.kind === "width" ? drag.widthPx : panel.widthPx,
    maxPx,
    isFilled: drag ? drag.kind === "fill" : panel.isFilled,
    /** Letting go here closes. */
    isClosing: drag?.kind === "close",
    handlers: {
      onDrag,
      onCommit,
      onCancel: () => setDrag(null),
      onReset: () => panel.setWidth(PANEL_DEFAULT_PX),
    },
  };
}
