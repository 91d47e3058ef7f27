/** The `q` of the chat list: `key:value` terms and free text. Pure; loaded by browser and server. */

import { CHAT_STATUSES } from "./chat-status";
import type { ChatStatus } from "./chats";

/** What the sidebar's icon shows of a pull request; `none`: the chat has none. */
export const PR_STATUSES = ["draft", "open", "merged", "closed", "none"] as const;
export type PrStatus = (typeof PR_STATUSES)[number];

export const CHAT_FILTER_KEYS = ["title", "status", "pr_status", "has_unread", "label", "repo"] as const;
type ChatFilterKey = (typeof CHAT_FILTER_KEYS)[number];

/** Terms of different keys must all match. Statuses are alternatives; titles, labels and repositories must all match. */
export type ChatFilter = {
  /** Substrings of the title, without regard to case. */
  titles: string[];
  /** Free text: in the list as titles, in the search whatever was said. */
  words: string[];
  statuses: ChatStatus[];
  prStatuses: PrStatus[];
  hasUnread: boolean | null;
  /** A null value: the label is there, whatever it says. */
  labels: { key: string; value: string | null }[];
  /** Substrings of the repository or of the pull request's address. */
  repositories: string[];
};

/** A filter that everything matches. */
export const emptyChatFilter = (): ChatFilter => ({
  titles: [],
  words: [],
  statuses: [],
  prStatuses: [],
  hasUnread: null,
  labels: [],
  repositories: [],
});

/** A key in front of a value, or a value alone; a value may stand in double quotes, where `\"` is a quote. */
const TERM = /(?:([A-Za-z_]+):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gy;

/**
 * Reads `status:running,pending label:team=core "free text"`. Quoted text is never a key.
 * @returns the filter, or one sentence on the first term that cannot be read.
 */
export function parseChatFilter(text: string): { filter: ChatFilter } | { problem: string } {
  const filter = emptyChatFilter();
  const source = text.trim();
  TERM.lastIndex = 0;
  for (let at = 0; at < source.length; at = TERM.lastIndex) {
    const match = TERM.exec(source);
    if (!match) return { problem: `The term at "${source.slice(at, at + 40)}" has no value.` };
    const [, key, quoted, bare] = match;
    const problem = addTerm(filter, key?.toLowerCase(), quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "");
    if (problem) return { problem };
    while (/\s/.test(source[TERM.lastIndex] ?? "")) TERM.lastIndex += 1;
  }
  return { filter };
}

function addTerm(filter: ChatFilter, key: string | undefined, value: string): string | undefined {
  if (value === "") return "A term has an empty value.";
  if (key === undefined) {
    filter.words.push(value);
    return undefined;
  }
  const add = Object.hasOwn(adders, key) ? adders[key as ChatFilterKey] : undefined;
  if (!add) return `The key "${key}" is not known; use ${CHAT_FILTER_KEYS.join(", ")}, or put the text in quotes.`;
  return add(filter, value);
}

const adders: Record<ChatFilterKey, (filter: ChatFilter, value: string) => string | undefined> = {
  title: (filter, value) => void filter.titles.push(value),
  repo: (filter, value) => void filter.repositories.push(value),
  status: (filter, value) => addChoices(filter.statuses, CHAT_STATUSES, value),
  pr_status: (filter, value) => addChoices(filter.prStatuses, PR_STATUSES, value),
  has_unread: (filter, value) => {
    if (value !== "true" && value !== "false") return `has_unread is true or false, not "${value}".`;
    filter.hasUnread = value === "true";
    return undefined;
  },
  label: (filter, value) => {
    const at = value.search(/[=:]/);
    if (at === 0) return `The label "${value}" has no key.`;
    filter.labels.push(at < 0 ? { key: value, value: null } : { key: value.slice(0, at), value: value.slice(at + 1) });
    return undefined;
  },
};

function addChoices<T extends string>(chosen: T[], choices: readonly T[], value: string): string | undefined {
  for (const one of value.toLowerCase().split(",")) {
    const choice = choices.find((known) => known === one);
    if (!choice) return `"${one}" is none of ${choices.join(", ")}.`;
    chosen.push(choice);
  }
  return undefined;
}
