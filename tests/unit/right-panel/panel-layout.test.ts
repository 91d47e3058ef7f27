import { expect, test } from "vitest";
import {
  formatPanelTaste,
  maxPanelPx,
  needsRoom,
  PANEL_DEFAULT_PX,
  PANEL_MIN_PX,
  parsePanelTaste,
  snapPanel,
} from "@/components/right-panel/panel-layout";

test("the panel takes at most 70 % of the window and leaves the chat what it needs", () => {
  expect(maxPanelPx({ windowPx: 2_000, sidebarPx: 0 })).toBe(1_400);
  expect(maxPanelPx({ windowPx: 1_440, sidebarPx: 288 })).toBe(752);
  expect(maxPanelPx({ windowPx: 1_024, sidebarPx: 288 })).toBe(PANEL_MIN_PX);
});

test("a drag within 80 px of a limit stops at it, and beyond it closes or fills", () => {
  const max = 752;
  expect(snapPanel(500.4, max)).toEqual({ kind: "width", widthPx: 500 });
  expect(snapPanel(290, max)).toEqual({ kind: "width", widthPx: PANEL_MIN_PX });
  expect(snapPanel(279, max)).toEqual({ kind: "close" });
  expect(snapPanel(max + 80, max)).toEqual({ kind: "width", widthPx: max });
  expect(snapPanel(max + 81, max)).toEqual({ kind: "fill" });
});

test("sidebar, chat and panel need 1,048 px with the default sidebar, and below 1,024 px the panel covers anyway", () => {
  expect(needsRoom({ windowPx: 1_030, sidebarPx: 288 })).toBe(true);
  expect(needsRoom({ windowPx: 1_048, sidebarPx: 288 })).toBe(false);
  expect(needsRoom({ windowPx: 1_023, sidebarPx: 288 })).toBe(false);
});

test("what the browser remembers is read back, and what it cannot have written is the default", () => {
  for (const taste of [
    { isOpen: true, widthPx: 512, tabId: "cost" },
    { isOpen: false, widthPx: 640, tabId: null },
  ]) {
    expect(parsePanelTaste(formatPanelTaste(taste))).toEqual(taste);
  }
  const unknown = { isOpen: false, widthPx: PANEL_DEFAULT_PX, tabId: null };
  for (const text of [undefined, "", "open", "open.99999.git", "open.640.<script>"]) {
    expect(parsePanelTaste(text)).toEqual(unknown);
  }
  expect(parsePanelTaste("open.100.git").widthPx).toBe(PANEL_MIN_PX);
});
