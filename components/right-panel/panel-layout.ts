/** How wide the right panel is and when a drag opens, closes or fills: pure, in pixels. */
export const PANEL_DEFAULT_PX = 640;
export const PANEL_MIN_PX = 360;
/** What a chat needs beside it: a line of prose of readable length. */
export const CHAT_MIN_PX = 400;
/** So much of the window at most. */
export const PANEL_MAX_SHARE = 0.7;
/** How far past a limit the pointer goes until it means the other state. */
export const SNAP_PX = 80;
/** Below this window the panel covers the chat. */
export const SIDE_BY_SIDE_PX = 1024;

export type PanelDrag =
  | { kind: "width"; widthPx: number }
  /** Over the whole chat column. */
  | { kind: "fill" }
  | { kind: "close" };

/** The widest the panel may be beside a chat. Never below its minimum: then there is no room, see `needsRoom`. */
export function maxPanelPx(options: { windowPx: number; sidebarPx: number }): number {
  const { windowPx, sidebarPx } = options;
  return Math.max(PANEL_MIN_PX, Math.min(windowPx * PANEL_MAX_SHARE, windowPx - sidebarPx - CHAT_MIN_PX));
}

/** What a drag to this width means. */
export function snapPanel(wantedPx: number, maxPx: number): PanelDrag {
  if (wantedPx < PANEL_MIN_PX - SNAP_PX) return { kind: "close" };
  if (wantedPx > maxPx + SNAP_PX) return { kind: "fill" };
  return { kind: "width", widthPx: Math.round(Math.min(maxPx, Math.max(PANEL_MIN_PX, wantedPx))) };
}

/** Whether sidebar, chat and panel do not fit beside each other, so that one of the outer two has to go. */
export function needsRoom(options: { windowPx: number; sidebarPx: number }): boolean {
  const { windowPx, sidebarPx } = options;
  return windowPx >= SIDE_BY_SIDE_PX && windowPx < sidebarPx + CHAT_MIN_PX + PANEL_MIN_PX;
}

/** What this browser remembers of the panel: a cookie, so that the server draws it right at once. */
export const PANEL_COOKIE = "slipway_panel";

export type PanelTaste = { isOpen: boolean; widthPx: number; tabId: string | null };

/** `open.640.git`; anything else is the default. */
export function parsePanelTaste(value: string | undefined): PanelTaste {
  const match = /^(open|closed)\.(\d{3,4})\.([a-z-]*)$/.exec(value ?? "");
  if (!match) return { isOpen: false, widthPx: PANEL_DEFAULT_PX, tabId: null };
  return { isOpen: match[1] === "open", widthPx: Math.max(PANEL_MIN_PX, Number(match[2])), tabId: match[3] || null };
}

export const formatPanelTaste = ({ isOpen, widthPx, tabId }: PanelTaste): string =>
  `${isOpen ? "open" : "closed"}.${widthPx}.${tabId ?? ""}`;
