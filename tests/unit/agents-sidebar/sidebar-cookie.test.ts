import { expect, test } from "vitest";
import {
  formatSidebarTaste,
  parseClosedSections,
  parseSidebarTaste,
  SIDEBAR_DEFAULT_PX,
  SIDEBAR_MAX_PX,
} from "@/components/agents-sidebar/sidebar-cookie";

test("closed sections are read from the cookie, and what is unknown is left out", () => {
  expect(parseClosedSections("older.yesterday")).toEqual(["yesterday", "older"]);
  expect(parseClosedSections("older.<script>")).toEqual(["older"]);
  expect(parseClosedSections("")).toEqual([]);
  expect(parseClosedSections(undefined)).toEqual([]);
});

test("width and absence of the sidebar are read back, within its limits", () => {
  expect(parseSidebarTaste(formatSidebarTaste({ isHidden: true, widthPx: 320 }))).toEqual({
    isHidden: true,
    widthPx: 320,
  });
  expect(parseSidebarTaste("hidden")).toEqual({ isHidden: true, widthPx: SIDEBAR_DEFAULT_PX });
  expect(parseSidebarTaste("shown.999").widthPx).toBe(SIDEBAR_MAX_PX);
  expect(parseSidebarTaste("nonsense")).toEqual({ isHidden: false, widthPx: SIDEBAR_DEFAULT_PX });
});
