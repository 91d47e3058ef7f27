import { GROUPS, type Group } from "./chat-groups";

/** Whether the sidebar is hidden: a cookie, so that the server draws it right at once. */
export const SIDEBAR_COOKIE = "slipway_sidebar";
export const SIDEBAR_HIDDEN = "hidden";

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
