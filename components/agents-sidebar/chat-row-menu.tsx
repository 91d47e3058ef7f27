"use client";

import { Archive, ArchiveRestore, Ellipsis, Mail, MailOpen, Pin, PinOff, SquarePen } from "lucide-react";
import type { Chat } from "@/lib/contract/chats";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../ui/dropdown-menu";
import { archiveRefusal } from "./chat-subtitle";
import { useChatActions } from "./use-chat-actions";

type ChatMenuItemsProps = { chat: Chat; onRename: (chat: Chat) => void };

/** The acts on a chat, for the list's menu and for the one of the chat page. */
export function ChatMenuItems({ chat, onRename }: ChatMenuItemsProps) {
  const actions = useChatActions();
  if (chat.archived) {
    return (
      <DropdownMenuItem icon={ArchiveRestore} onSelect={() => void actions.unarchive(chat)}>
        Unarchive
      </DropdownMenuItem>
    );
  }
  const isRoot = chat.root_chat_id === null;
  return (
    <>
      {isRoot ? (
        <DropdownMenuItem icon={chat.pinned ? PinOff : Pin} onSelect={() => void actions.togglePin(chat)}>
          {chat.pinned ? "Unpin" : "Pin"}
        </DropdownMenuItem>
      ) : null}
      <DropdownMenuItem icon={SquarePen} onSelect={() => onRename(chat)}>
        Rename
      </DropdownMenuItem>
      <DropdownMenuItem icon={chat.has_unread ? MailOpen : Mail} onSelect={() => void actions.toggleUnread(chat)}>
        {chat.has_unread ? "Mark read" : "Mark unread"}
      </DropdownMenuItem>
      {isRoot ? (
        <>
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={Archive} reason={archiveRefusal(chat)} onSelect={() => void actions.archive(chat)}>
            Archive
          </DropdownMenuItem>
        </>
      ) : null}
    </>
  );
}

/** The row's own menu: where the time stands, on hover and focus. */
export function ChatRowMenu({
  chat,
  onRename,
  open,
  onOpenChange,
}: ChatMenuItemsProps & { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <DropdownMenu open={open} onOpenChange={onOpenChange}>
      <DropdownMenuTrigger
        aria-label={`Actions for ${chat.title}`}
        className="absolute top-0.5 right-1 grid size-6 place-items-center rounded-sm text-ink-3 opacity-0 hover:bg-active hover:text-ink group-focus-within/row:opacity-100 group-hover/row:opacity-100 data-[state=open]:bg-active data-[state=open]:text-ink data-[state=open]:opacity-100 max-sm:pointer-events-none max-sm:opacity-0! pointer-coarse:size-8"
      >
        <Ellipsis aria-hidden className="size-4" />
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" aria-label={`Actions for ${chat.title}`}>
        <ChatMenuItems chat={chat} onRename={onRename} />
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
