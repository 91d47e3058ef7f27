"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { assertNever } from "@/lib/assert-never";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient, errorText, workspacesClient } from "@/lib/contract/client";
import type { Workspace } from "@/lib/contract/workspaces";
import { toast } from "../ui/toast";
import { type ArchiveAndDeleteOutcome, archiveAndDelete } from "./archive-and-delete";
import { type ChatNews, reduceChatList } from "./chat-list-state";
import { CHAT_LISTS, type ChatPages, updateChat } from "./chat-pages";
import { keepOpenChat } from "./kept-chat";
import { updateChatLists } from "./use-chat-list";

/** What a person may do with a chat in the list. Each shows at once and is taken back with a reason when refused. */
export function useChatActions() {
  const client = useQueryClient();
  return {
    async togglePin(chat: Chat) {
      const change = chat.pinned ? { pinned: false, pin_order: 0 } : { pinned: true, pin_order: nextPinOrder(client) };
      await optimistic(client, chat, change, () => chatsClient.patch(chat.id, { pinned: change.pinned }));
    },
    async toggleUnread(chat: Chat) {
      const unread = !chat.has_unread;
      await optimistic(client, chat, { has_unread: unread }, () => chatsClient.read(chat.id, { unread }));
    },
    /** @throws ApiError for the dialog, which stays open. */
    async rename(chat: Chat, title: string) {
      await chatsClient.patch(chat.id, { title });
      patch(client, chat.id, { title });
    },
    /** A model names it; resolves with the title that stands now. @throws ApiError for the dialog. */
    async nameAnew(chat: Chat, signal: AbortSignal): Promise<string> {
      const { title } = await chatsClient.regenerateTitle(chat.id, { signal });
      patch(client, chat.id, { title });
      return title;
    },
    async archive(chat: Chat) {
      try {
        const archived = await chatsClient.archive(chat.id);
        move(client, archived);
        toast.show(`Archived “${chat.title}”`, {
          action: { label: "Undo", onClick: () => void unarchive(client, chat) },
        });
      } catch (error) {
        toast.error(errorText(error));
      }
    },
    unarchive: (chat: Chat) => unarchive(client, chat),
    /** @throws ApiError for the dialog when not even archiving was possible. `workspace` null: it is gone already. */
    async archiveAndDelete(chat: Chat, workspace: Workspace | null) {
      const outcome = await archiveAndDelete({
        archive: async () => move(client, await chatsClient.archive(chat.id)),
        deleteWorkspace: async () => workspace && workspacesClient.build(workspace.id, { transition: "delete" }),
        unarchive: async () => move(client, await chatsClient.unarchive(chat.id)),
      });
      tellOutcome(outcome, chat, workspace);
    },
  };
}

function tellOutcome(outcome: ArchiveAndDeleteOutcome, chat: Chat, workspace: Workspace | null): void {
  const name = workspace?.name ?? "the workspace";
  switch (outcome.kind) {
    case "done":
      return void toast.show(`Archived “${chat.title}”${workspace ? ` and deletes ${name}` : ""}`);
    case "taken-back":
      return void toast.error(`${name} was not deleted: ${errorText(outcome.cause)} The agent is back in the list.`);
    case "left-archived":
      return void toast.error(`${name} was not deleted: ${errorText(outcome.cause)} The agent stays archived.`);
    case "unknown":
      return void toast.error(`Archived “${chat.title}”. Whether ${name} is deleted is not known: no answer came.`);
    default:
      assertNever(outcome);
  }
}

async function unarchive(client: QueryClient, chat: Chat): Promise<void> {
  try {
    move(client, await chatsClient.unarchive(chat.id));
  } catch (error) {
    toast.error(errorText(error));
  }
}

async function optimistic(client: QueryClient, chat: Chat, change: Partial<Chat>, send: () => Promise<unknown>) {
  patch(client, chat.id, change);
  try {
    await send();
  } catch (error) {
    const before = Object.fromEntries(Object.keys(change).map((field) => [field, chat[field as keyof Chat]]));
    patch(client, chat.id, before);
    toast.error(errorText(error));
  }
}

function patch(client: QueryClient, chatId: string, change: Partial<Chat>) {
  client.setQueriesData<ChatPages>(
    { queryKey: CHAT_LISTS },
    (pages) => pages && updateChat(pages, chatId, (chat) => ({ ...chat, ...change })),
  );
}

/** Out of the lists it left, into those it now belongs to, in one frame; the event that follows finds it done. */
function move(client: QueryClient, chat: Chat) {
  const news: ChatNews = { type: "chat", kind: chat.archived ? "deleted" : "created", chat };
  keepOpenChat(client, news, chat.id);
  updateChatLists(client, (pages, filter) => reduceChatList(pages, news, { filter, openChatId: null }));
}

function nextPinOrder(client: QueryClient): number {
  const lists = client.getQueriesData<ChatPages>({ queryKey: CHAT_LISTS });
  const orders = lists.flatMap(([, pages]) => pages?.pages.flatMap((page) => page.chats.map((chat) => chat.pin_order)));
  return Math.max(0, ...orders.map((order) => order ?? 0)) + 1;
}
