import { GROUPS, type Group } from "./chat-groups";

/** Whether the sidebar is hidden and how wide it is: a cookie, so that the server draws it right at once. */
export const SIDEBAR_COOKIE = "slipway_sidebar";

export const SIDEBAR_DEFAULT_PX = 288;
export const SIDEBAR_MIN_PX = 240;
/** A title of eighty characters; more would only be emptier. */
export const SIDEBAR_MAX_PX = 480;

export type SidebarTaste = { isHidden: boolean; widthPx: number };

/** `hidden.320`; anything else is the default. */
export function parseSidebarTaste(value: string | undefined): SidebarTaste {
  const match = /^(shown|hidden)(?:\.(\d{3}))?$/.exec(value ?? "");
  return { isHidden: match?.[1] === "hidden", widthPx: limitSidebarWidth(Number(match?.[2] ?? SIDEBAR_DEFAULT_PX)) };
}

export const formatSidebarTaste = ({ isHidden, widthPx }: SidebarTaste): string =>
  `${isHidden ? "hidden" : "shown"}.${widthPx}`;

export const limitSidebarWidth = (widthPx: number): number =>
  Math.round(Math.min(SIDEBAR_MAX_PX, Math.max(SIDEBAR_MIN_PX, widthPx)));

/** Which sections are closed, `older.yesterday`: a cookie for the same reason. */
export const SECTIONS_COOKIE = "slipway_sections";

/** The closed sections that a cookie's value names; unknown names are left out. */
export function parseClosedSections(value: string | undefined): Group[] {
  const names = value?.split(".") ?? [];
  return GROUPS.filter((group) => names.includes(group));
}

/** Keeps a taste of this browser for a year. */
export function keepInCookie(name: string, value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and Safari
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
}
