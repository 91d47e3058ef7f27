"use client";

import { createContext, type ReactNode, useContext, useMemo, useState } from "react";
import {
  formatPanelTaste,
  needsRoom,
  PANEL_COOKIE,
  PANEL_DEFAULT_PX,
  type PanelTaste,
  SIDE_BY_SIDE_PX,
} from "../right-panel/panel-layout";
import {
  formatSidebarTaste,
  keepInCookie,
  SIDEBAR_COOKIE,
  SIDEBAR_DEFAULT_PX,
  type SidebarTaste,
} from "./sidebar-cookie";

export type Sidebar = SidebarTaste & {
  setHidden: (isHidden: boolean) => void;
  setWidth: (widthPx: number) => void;
};

export type Panel = PanelTaste & {
  /** It takes the whole chat column. Not remembered. */
  isFilled: boolean;
  /** In a window too narrow for both it covers the chat, from the press on: opening a chat never shows it covered. */
  isCovering: boolean;
  /** Opens it, on a tab when one is named. */
  open: (tabId?: string) => void;
  close: () => void;
  /** Of a chat that is left: the next one is not covered. */
  uncover: () => void;
  setWidth: (widthPx: number) => void;
  setFilled: (isFilled: boolean) => void;
};

const noop = () => {};
const SidebarContext = createContext<Sidebar>({
  isHidden: false,
  widthPx: SIDEBAR_DEFAULT_PX,
  setHidden: noop,
  setWidth: noop,
});
const PanelContext = createContext<Panel>({
  isOpen: false,
  widthPx: PANEL_DEFAULT_PX,
  tabId: null,
  isFilled: false,
  isCovering: false,
  open: noop,
  close: noop,
  uncover: noop,
  setWidth: noop,
  setFilled: noop,
});

/** The sidebar on a wide screen: whether it is hidden, how wide it is, and how to change that. */
export const useSidebar = (): Sidebar => useContext(SidebarContext);

/** The right panel of the open chat, for whatever wants to show something in it. */
export const usePanel = (): Panel => useContext(PanelContext);

type FrameLayoutProps = { sidebar: SidebarTaste; panel: PanelTaste; children: ReactNode };

/**
 * Around all agent pages: what stands beside the chat, the same from one chat to the next. Where all three columns do
 * not fit, the one that was asked for last stays and the other one of the outer two goes.
 */
export function FrameLayoutProvider({ children, ...initial }: FrameLayoutProps) {
  const [sidebarTaste, setSidebarTaste] = useState(initial.sidebar);
  const [panelTaste, setPanelTaste] = useState(initial.panel);
  const [isFilled, setFilled] = useState(false);
  const [isCovering, setCovering] = useState(false);

  const { sidebar, panel } = useMemo(() => {
    const changeSidebar = (part: Partial<SidebarTaste>) => {
      const next = { ...sidebarTaste, ...part };
      keepInCookie(SIDEBAR_COOKIE, formatSidebarTaste(next));
      setSidebarTaste(next);
    };
    const changePanel = (part: Partial<PanelTaste>) => {
      const next = { ...panelTaste, ...part };
      keepInCookie(PANEL_COOKIE, formatPanelTaste(next));
      setPanelTaste(next);
    };
    const lacksRoom = () => needsRoom({ windowPx: window.innerWidth, sidebarPx: sidebarTaste.widthPx });
    return {
      sidebar: {
        ...sidebarTaste,
        setHidden(isHidden: boolean) {
          if (!isHidden && panelTaste.isOpen && lacksRoom()) changePanel({ isOpen: false });
          changeSidebar({ isHidden });
        },
        setWidth: (widthPx: number) => changeSidebar({ widthPx }),
      },
      panel: {
        ...panelTaste,
        isFilled,
        isCovering,
        open(tabId?: string) {
          const tab = tabId ? { tabId } : {};
          if (window.innerWidth < SIDE_BY_SIDE_PX) {
            setCovering(true);
            return changePanel(tab);
          }
          if (!sidebarTaste.isHidden && lacksRoom()) changeSidebar({ isHidden: true });
          changePanel({ ...tab, isOpen: true });
        },
        close() {
          setFilled(false);
          if (window.innerWidth < SIDE_BY_SIDE_PX) setCovering(false);
          else changePanel({ isOpen: false });
        },
        uncover: () => setCovering(false),
        setWidth: (widthPx: number) => changePanel({ widthPx }),
        setFilled,
      },
    };
  }, [sidebarTaste, panelTaste, isFilled, isCovering]);

  return (
    <SidebarContext value={sidebar}>
      <PanelContext value={panel}>{children}</PanelContext>
    </SidebarContext>
  );
}
