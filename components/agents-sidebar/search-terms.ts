import { type CHAT_FILTER_KEYS, PR_STATUSES, parseChatFilter } from "@/lib/contract/chat-filter";
import { CHAT_STATUSES } from "@/lib/contract/chat-status";
import { statusLabel } from "./chat-icon";
import { PR_LABELS } from "./list-filter";

/** Keys that a person can pick; the others are typed. */
export const PILL_KEYS = [
  "has_unread",
  "status",
  "pr_status",
  "repo",
  "label",
  "title",
] as const satisfies readonly (typeof CHAT_FILTER_KEYS)[number][];
export type PillKey = (typeof PILL_KEYS)[number];

/** A condition of the search beside its words. An empty value: it is still being chosen. */
export type Pill = { key: PillKey; value: string };

export const PILL_LABELS = {
  has_unread: "Unread",
  status: "Status",
  pr_status: "Pull request",
  repo: "Repository",
  label: "Label",
  title: "Title",
} satisfies Record<PillKey, string>;

/** The values to choose from; empty where any text will do. */
export const PILL_VALUES: Record<PillKey, readonly string[]> = {
  has_unread: ["true", "false"],
  status: CHAT_STATUSES,
  pr_status: PR_STATUSES,
  repo: [],
  label: [],
  title: [],
};

/** A value as people read it; what they type stays as the search's grammar has it. */
export function pillValueLabel({ key, value }: Pill): string {
  const status = CHAT_STATUSES.find((each) => key === "status" && each === value);
  if (status) return statusLabel(status);
  const pullRequest = PR_STATUSES.find((each) => key === "pr_status" && each === value);
  if (pullRequest) return PR_LABELS[pullRequest];
  if (key === "has_unread") return value === "true" ? "Yes" : "No";
  return value;
}

/** What is wrong with a pill's value, in one sentence; null when it is good. */
export function pillProblem({ key, value }: Pill): string | null {
  const parsed = parseChatFilter(`${key}:${quote(value)}`);
  return "problem" in parsed ? parsed.problem : null;
}

/** `status:running`, typed as the last word, is a pill. `status:` alone begins one. */
export function takePill(text: string): { text: string; pill: Pill } | null {
  const match = /(?:^|\s)([a-z_]+):(\S*)$/i.exec(text);
  const key = PILL_KEYS.find((each) => each === match?.[1]?.toLowerCase());
  if (!match || !key) return null;
  return { text: text.slice(0, match.index), pill: { key, value: match[2] ?? "" } };
}

/** The `q` of a search. Words are quoted, so that one with a colon is not taken for a key. */
export function formatSearch(text: string, pills: readonly Pill[]): string {
  const words = text.split(/\s+/).filter(Boolean).map(quote);
  const terms = pills.filter(({ value }) => value !== "").map(({ key, value }) => `${key}:${quote(value)}`);
  return [...terms, ...words].join(" ");
}

const quote = (text: string): string => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
