import type { InfiniteData } from "@tanstack/react-query";
import { assertNever } from "@/lib/assert-never";
import type { Chat, DiffStatus } from "@/lib/contract/chats";
import type { WatchEvent } from "@/lib/contract/events";
import { compareTimes } from "./chat-groups";

/** `nextAfterId` is kept apart from the rows, so that removing rows never ends or shifts the paging. Null: the end. */
export type ChatPage = { chats: Chat[]; nextAfterId: string | null };
export type ChatPages = InfiniteData<ChatPage, string | null>;

export type ChatNews = Extract<WatchEvent, { type: "chat" }>;

type ListView = {
  /** Which chats this list shows. */
  archived: boolean;
  /** The chat that is open: it is never unread. */
  openChatId: string | null;
};

/** Applies one event of the person's list. Returns the same object when nothing that is shown changed. */
export function reduceChatList(pages: ChatPages, news: ChatNews, view: ListView): ChatPages {
  const { kind, chat } = news;
  switch (kind) {
    case "created":
      return chat.archived === view.archived ? insertChat(pages, chat) : removeTree(pages, chat.id);
    case "deleted":
      return view.archived ? insertChat(pages, flipTree(chat)) : removeTree(pages, chat.id);
    case "status_change":
    case "action_required":
      return updateChat(pages, chat.id, (known) => adoptStatus(known, chat, view));
    case "title_change":
      return updateChat(pages, chat.id, (known) => withFresh(known, chat, { title: chat.title }));
    case "summary_change":
      return updateChat(pages, chat.id, (known) => adoptSummary(known, chat, view));
    case "diff_status_change":
      return updateChat(pages, chat.id, (known) => {
        const isSame = isSameDiff(known.diff_status, chat.diff_status);
        return withFresh(known, chat, { diff_status: isSame ? known.diff_status : chat.diff_status });
      });
    default:
      return assertNever(kind);
  }
}

/** Changes one chat, root or subagent, wherever it is loaded. */
export function updateChat(pages: ChatPages, chatId: string, change: (chat: Chat) => Chat): ChatPages {
  return mapRoots(pages, (root) => {
    if (root.id === chatId) return change(root);
    const index = root.children.findIndex((child) => child.id === chatId);
    const child = root.children[index];
    if (!child) return root;
    const changed = change(child);
    return changed === child ? root : { ...root, children: root.children.with(index, changed) };
  });
}

/** Drops a chat and everything whose root it is, in one step, so that no subagent ever shows as a root. */
export function removeTree(pages: ChatPages, chatId: string): ChatPages {
  const isMember = (chat: Chat) => chat.id === chatId || chat.root_chat_id === chatId;
  return mapPages(pages, (page) => {
    const chats = page.chats.flatMap((root) => {
      if (isMember(root)) return [];
      const children = root.children.filter((child) => !isMember(child));
      return [children.length === root.children.length ? root : { ...root, children }];
    });
    const isSame = chats.length === page.chats.length && chats.every((chat, index) => chat === page.chats[index]);
    return isSame ? page : { ...page, chats };
  });
}

/** Adds a root to the first page, or a subagent to its loaded root; what is already there anywhere is renewed in place. */
export function insertChat(pages: ChatPages, chat: Chat): ChatPages {
  if (chat.root_chat_id !== null) return insertChild(pages, chat);
  const isLoaded = pages.pages.some((page) => page.chats.some((root) => root.id === chat.id));
  if (isLoaded)
    return updateChat(pages, chat.id, (known) => ({ ...known, ...chat, children: keepChildren(known, chat) }));
  const [first, ...rest] = pages.pages;
  if (!first) return pages;
  return { ...pages, pages: [{ ...first, chats: [chat, ...first.chats] }, ...rest] };
}

/** Every loaded root once, the first wins: a page that was read while rows moved may repeat some. */
export function listRoots(pages: ChatPages): Chat[] {
  const seen = new Set<string>();
  return pages.pages.flatMap((page) =>
    page.chats.filter((chat) => {
      if (seen.has(chat.id)) return false;
      seen.add(chat.id);
      return true;
    }),
  );
}

/** The chat and, when it is a subagent, the root it is listed under. */
export function findListed(pages: ChatPages, chatId: string): { chat: Chat; root: Chat } | undefined {
  for (const page of pages.pages) {
    for (const root of page.chats) {
      const chat = root.id === chatId ? root : root.children.find((child) => child.id === chatId);
      if (chat) return { chat, root };
    }
  }
  return undefined;
}

function insertChild(pages: ChatPages, child: Chat): ChatPages {
  return mapRoots(pages, (root) => {
    if (root.id !== child.root_chat_id || root.id === child.id) return root;
    if (root.children.some((known) => known.id === child.id)) return root;
    return { ...root, children: [...root.children, child] };
  });
}

/** An event about a root may come without its children. */
const keepChildren = (known: Chat, chat: Chat): Chat[] => (chat.children.length > 0 ? chat.children : known.children);

const flipTree = (chat: Chat): Chat => ({
  ...chat,
  archived: true,
  children: chat.children.map((child) => ({ ...child, archived: true })),
});

/** Versions decide, not times: an event that was overtaken changes nothing of the run. */
function adoptStatus(known: Chat, chat: Chat, view: ListView): Chat {
  if (chat.snapshot_version < known.snapshot_version) return known;
  return withFresh(known, chat, {
    status: chat.status,
    pause_reason: chat.pause_reason,
    last_error: chat.last_error,
    has_unread: chat.id !== view.openChatId && chat.has_unread,
  });
}

/** Read marks, set in another tab, travel with the summary. */
function adoptSummary(known: Chat, chat: Chat, view: ListView): Chat {
  const isOvertaken = chat.snapshot_version < known.snapshot_version;
  return withFresh(known, chat, {
    last_turn_summary: chat.last_turn_summary,
    has_unread: isOvertaken ? known.has_unread : chat.id !== view.openChatId && chat.has_unread,
  });
}

/**
 * Each kind of event changes its own fields, since the others may be older than what is shown; besides them only what
 * belongs to a run that is not older, and the later of the two times.
 */
function withFresh(known: Chat, chat: Chat, own: Partial<Chat>): Chat {
  const isFresh = chat.snapshot_version >= known.snapshot_version;
  const changed: Chat = {
    ...known,
    ...(isFresh && {
      snapshot_version: chat.snapshot_version,
      workspace_id: chat.workspace_id,
      last_model_config_id: chat.last_model_config_id,
      pinned: chat.pinned,
      pin_order: chat.pin_order,
    }),
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
  "diff_status",
  "snapshot_version",
] as const satisfies readonly (keyof Chat)[];

const isSameChat = (a: Chat, b: Chat): boolean =>
  SHOWN.every((field) => a[field] === b[field]) && a.last_error?.message === b.last_error?.message;

/** Without `refreshed_at` and `stale_at`, which move at every poll. */
function isSameDiff(a: DiffStatus | null, b: DiffStatus | null): boolean {
  if (!a || !b) return a === b;
  const fields = new Set([...Object.keys(a), ...Object.keys(b)] as (keyof DiffStatus)[]);
  fields.delete("refreshed_at");
  fields.delete("stale_at");
  return [...fields].every((field) => (a[field] ?? null) === (b[field] ?? null));
}

function mapRoots(pages: ChatPages, change: (root: Chat) => Chat): ChatPages {
  return mapPages(pages, (page) => {
    const chats = page.chats.map(change);
    return chats.every((chat, index) => chat === page.chats[index]) ? page : { ...page, chats };
  });
}

function mapPages(pages: ChatPages, change: (page: ChatPage) => ChatPage): ChatPages {
  const changed = pages.pages.map(change);
  return changed.every((page, index) => page === pages.pages[index]) ? pages : { ...pages, pages: changed };
}
