import type { InfiniteData } from "@tanstack/react-query";
import type { Chat } from "@/lib/contract/chats";

/** `nextAfterId` is kept apart from the rows, so that removing rows never ends or shifts the paging. Null: the end. */
export type ChatPage = { chats: Chat[]; nextAfterId: string | null };
export type ChatPages = InfiniteData<ChatPage, string | null>;

/** The family of all chat lists; the rest of a key is its filter as an address has it. */
export const CHAT_LISTS = ["chats", "list"] as const;

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
