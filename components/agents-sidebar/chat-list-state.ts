import { assertNever } from "@/lib/assert-never";
import type { Chat, DiffStatus } from "@/lib/contract/chats";
import type { WatchEvent } from "@/lib/contract/events";
import { compareTimes } from "./chat-groups";
import { type ChatPages, findListed, insertChat, removeTree, updateChat } from "./chat-pages";
import { isFiltered, type ListFilter, matchesFilter } from "./list-filter";
import { closeUpPins } from "./pin-order";

export type ChatNews = Extract<WatchEvent, { type: "chat" }>;

export type ListView = {
  /** Which chats this list shows. */
  filter: ListFilter;
  /** The chat that is open: it is never unread. */
  openChatId: string | null;
  /** Whether a person is moving this pin: what an event says of its place is older than what they see. */
  isPinHeld?: (chatId: string) => boolean;
};

/** Applies one event of the person's list. Returns the same object when nothing that is shown changed. */
export function reduceChatList(pages: ChatPages, news: ChatNews, view: ListView): ChatPages {
  const { kind, chat } = news;
  switch (kind) {
    case "created":
      return placeTree(pages, chat, view);
    case "deleted":
      return placeTree(pages, flipTree(chat), view);
    default:
      return settle(adopt(pages, news, view), chat, view);
  }
}

/** A pin that moved, in another tab, moves its neighbours too. */
function adopt(pages: ChatPages, news: ChatNews, view: ListView): ChatPages {
  const before = findListed(pages, news.chat.id)?.chat;
  const adopted = updateChat(pages, news.chat.id, adoption(news, view));
  const after = findListed(adopted, news.chat.id)?.chat;
  if (!before || !after || before.pin_order === after.pin_order) return adopted;
  return closeUpPins(adopted, after);
}

/** What an event about a known chat changes of it. */
export function adoption({ kind, chat }: ChatNews, view: ListView): (known: Chat) => Chat {
  switch (kind) {
    case "created":
    case "deleted":
      return (known) => known;
    case "status_change":
    case "action_required":
      return (known) => adoptStatus(known, chat, view);
    case "title_change":
      return (known) => withFresh(known, chat, view, { title: chat.title });
    case "summary_change":
      return (known) => adoptSummary(known, chat, view);
    case "diff_status_change":
      return (known) => {
        const isSame = isSameDiff(known.diff_status, chat.diff_status);
        return withFresh(known, chat, view, { diff_status: isSame ? known.diff_status : chat.diff_status });
      };
    default:
      return assertNever(kind);
  }
}

/** A tree that appeared, was archived or came back: into the list when it belongs there, else out of it. */
function placeTree(pages: ChatPages, chat: Chat, view: ListView): ChatPages {
  const isSubagent = chat.root_chat_id !== null && !chat.archived;
  return isSubagent || matchesFilter(view.filter, chat) ? insertChat(pages, chat) : removeTree(pages, chat.id);
}

/** Where results are filtered, a change moves a root in or out. The open one stays while it is read. */
function settle(pages: ChatPages, chat: Chat, view: ListView): ChatPages {
  if (chat.root_chat_id !== null || !isFiltered(view.filter)) return pages;
  const listed = findListed(pages, chat.id);
  if (!listed) return matchesFilter(view.filter, chat) ? insertChat(pages, chat) : pages;
  const stays = chat.id === view.openChatId || matchesFilter(view.filter, listed.chat);
  return stays ? pages : removeTree(pages, chat.id);
}

const flipTree = (chat: Chat): Chat => ({
  ...chat,
  archived: true,
  children: chat.children.map((child) => ({ ...child, archived: true })),
});

/** Versions decide, not times: an event that was overtaken changes nothing of the run. */
function adoptStatus(known: Chat, chat: Chat, view: ListView): Chat {
  if (chat.snapshot_version < known.snapshot_version) return known;
  return withFresh(known, chat, view, {
    status: chat.status,
    pause_reason: chat.pause_reason,
    last_error: chat.last_error,
    has_unread: chat.id !== view.openChatId && chat.has_unread,
  });
}

/** Read marks, set in another tab, travel with the summary. */
function adoptSummary(known: Chat, chat: Chat, view: ListView): Chat {
  const isOvertaken = chat.snapshot_version < known.snapshot_version;
  return withFresh(known, chat, view, {
    last_turn_summary: chat.last_turn_summary,
    has_unread: isOvertaken ? known.has_unread : chat.id !== view.openChatId && chat.has_unread,
  });
}

/**
 * Each kind of event changes its own fields, since the others may be older than what is shown; besides them only what
 * belongs to a run that is not older, and the later of the two times.
 */
function withFresh(known: Chat, chat: Chat, view: ListView, own: Partial<Chat>): Chat {
  const isFresh = chat.snapshot_version >= known.snapshot_version;
  const changed: Chat = {
    ...known,
    ...(isFresh && {
      snapshot_version: chat.snapshot_version,
      deadline_seconds: chat.deadline_seconds,
      deadline_at: chat.deadline_at,
      stuck: chat.stuck,
      progress: chat.progress,
      workspace_id: chat.workspace_id,
      last_model_config_id: chat.last_model_config_id,
    }),
    ...(isFresh && !view.isPinHeld?.(chat.id) && { pinned: chat.pinned, pin_order: chat.pin_order }),
    ...own,
    updated_at: compareTimes(chat.updated_at, known.updated_at) > 0 ? chat.updated_at : known.updated_at,
  };
  return isSameChat(known, changed) ? known : changed;
}

const SHOWN = [
  "title",
  "status",
  "pause_reason",
  "has_unread",
  "last_turn_summary",
  "updated_at",
  "pinned",
  "pin_order",
  "workspace_id",
  "last_model_config_id",
  "deadline_at",
  "stuck",
  "diff_status",
  "snapshot_version",
] as const satisfies readonly (keyof Chat)[];

const isSameChat = (a: Chat, b: Chat): boolean =>
  SHOWN.every((field) => a[field] === b[field]) &&
  a.last_error?.message === b.last_error?.message &&
  a.progress?.doing === b.progress?.doing;

/** Without `refreshed_at` and `stale_at`, which move at every poll. */
function isSameDiff(a: DiffStatus | null, b: DiffStatus | null): boolean {
  if (!a || !b) return a === b;
  const fields = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof DiffStatus)[]);
  fields.delete("refreshed_at");
  fields.delete("stale_at");
  return [...fields].every((field) => (a[field] ?? null) === (b[field] ?? null));
}
