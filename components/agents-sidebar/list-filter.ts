import { PR_STATUSES, type PrStatus } from "@/lib/contract/chat-filter";
import type { Chat, ChatStatus } from "@/lib/contract/chats";
import { pullRequestState } from "./pull-request-state";

export const ARCHIVE_CHOICES = ["active", "archived", "all"] as const;
export type ArchiveChoice = (typeof ARCHIVE_CHOICES)[number];

/** What a person asks for; each stands for one or more statuses. */
export const ACTIVITIES = ["working", "needs_you", "failed", "idle"] as const;
export type Activity = (typeof ACTIVITIES)[number];

const ACTIVITY_STATUSES = {
  working: ["pending", "running", "interrupting"],
  needs_you: ["paused"],
  failed: ["error"],
  idle: ["waiting", "completed"],
} satisfies Record<Activity, ChatStatus[]>;

export const ACTIVITY_LABELS = {
  working: "Working",
  needs_you: "Needs you",
  failed: "Failed",
  idle: "Idle",
} satisfies Record<Activity, string>;

export const PR_LABELS = {
  draft: "Draft",
  open: "Open",
  merged: "Merged",
  closed: "Closed",
  none: "None",
} satisfies Record<PrStatus, string>;

/** Which chats the list shows. Everything but `archive` is a result filter: clearing filters leaves the archive alone. */
export type ListFilter = {
  archive: ArchiveChoice;
  prStatuses: readonly PrStatus[];
  activities: readonly Activity[];
  unread: boolean | null;
};

export const NO_FILTER: ListFilter = { archive: "active", prStatuses: [], activities: [], unread: null };

export const isFiltered = (filter: ListFilter): boolean =>
  filter.prStatuses.length > 0 || filter.activities.length > 0 || filter.unread !== null;

export const clearResultFilters = ({ archive }: ListFilter): ListFilter => ({ ...NO_FILTER, archive });

/** The filter of an address; unknown values are left out. */
export function parseListFilter(search: Pick<URLSearchParams, "get">): ListFilter {
  const archived = search.get("archived");
  const unread = search.get("unread");
  return {
    archive: archived === "true" ? "archived" : archived === "all" ? "all" : "active",
    prStatuses: choose(PR_STATUSES, search.get("pr")),
    activities: choose(ACTIVITIES, search.get("status")),
    unread: unread === "true" ? true : unread === "false" ? false : null,
  };
}

/** The filter as an address carries it, in one order: `?archived=true&pr=open,merged`. Empty for no filter. */
export function formatListFilter(filter: ListFilter): string {
  const terms = [
    filter.archive === "active" ? "" : `archived=${filter.archive === "archived" ? "true" : "all"}`,
    filter.prStatuses.length > 0 ? `pr=${ordered(PR_STATUSES, filter.prStatuses)}` : "",
    filter.activities.length > 0 ? `status=${ordered(ACTIVITIES, filter.activities)}` : "",
    filter.unread === null ? "" : `unread=${filter.unread}`,
  ].filter(Boolean);
  return terms.length > 0 ? `?${terms.join("&")}` : "";
}

/** The same as the query of the list endpoint. */
export function toListQuery(filter: ListFilter): { archived?: boolean; q?: string } {
  const statuses = filter.activities.flatMap((activity) => ACTIVITY_STATUSES[activity]);
  const terms = [
    filter.prStatuses.length > 0 ? `pr_status:${ordered(PR_STATUSES, filter.prStatuses)}` : "",
    statuses.length > 0 ? `status:${statuses.join(",")}` : "",
    filter.unread === null ? "" : `has_unread:${filter.unread}`,
  ].filter(Boolean);
  return {
    ...(filter.archive !== "all" && { archived: filter.archive === "archived" }),
    ...(terms.length > 0 && { q: terms.join(" ") }),
  };
}

/** Whether a root belongs into the list, as the server decides it. */
export function matchesFilter(filter: ListFilter, chat: Chat): boolean {
  const { archive, prStatuses, activities, unread } = filter;
  if (archive !== "all" && chat.archived !== (archive === "archived")) return false;
  if (prStatuses.length > 0 && !prStatuses.includes(pullRequestState(chat.diff_status) ?? "none")) return false;
  const isOf = (activity: Activity) => (ACTIVITY_STATUSES[activity] as ChatStatus[]).includes(chat.status);
  if (activities.length > 0 && !activities.some(isOf)) return false;
  return unread === null || chat.has_unread === unread;
}

/** In words, `archived, merged, unread`; empty for no filter. */
export function describeFilter(filter: ListFilter): string {
  const words = [
    filter.archive === "active" ? "" : filter.archive === "all" ? "active and archived" : "archived",
    ...filter.prStatuses.map((status) => (status === "none" ? "no pull request" : PR_LABELS[status].toLowerCase())),
    ...filter.activities.map((activity) => ACTIVITY_LABELS[activity].toLowerCase()),
    filter.unread === null ? "" : filter.unread ? "unread" : "read",
  ];
  return words.filter(Boolean).join(", ");
}

const ordered = <T extends string>(choices: readonly T[], chosen: readonly T[]): string =>
  choices.filter((choice) => chosen.includes(choice)).join(",");

function choose<T extends string>(choices: readonly T[], text: string | null): T[] {
  const names = text?.split(",") ?? [];
  return choices.filter((choice) => names.includes(choice));
}
