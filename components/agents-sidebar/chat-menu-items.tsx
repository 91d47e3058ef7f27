"use client";

import {
  Archive,
  ArchiveRestore,
  ArrowDown,
  ArrowUp,
  Mail,
  MailOpen,
  Pin,
  PinOff,
  SquarePen,
  Trash2,
} from "lucide-react";
import type { Chat } from "@/lib/contract/chats";
import { DropdownMenuItem, DropdownMenuSeparator } from "../ui/dropdown-menu";
import type { ChatDialog } from "./chat-dialog";
import { archiveRefusal } from "./chat-subtitle";
import { useChatActions } from "./use-chat-actions";
import { usePins } from "./use-pins";

/** The acts on a chat, for the list's menus and for the one of the chat page. */
export function ChatMenuItems({ chat, onDialog }: { chat: Chat; onDialog: (dialog: ChatDialog) => void }) {
  const actions = useChatActions();
  if (chat.archived) {
    return (
      <DropdownMenuItem icon={ArchiveRestore} onSelect={() => void actions.unarchive(chat)}>
        Unarchive
      </DropdownMenuItem>
    );
  }
  const isRoot = chat.root_chat_id === null;
  const refusal = archiveRefusal(chat);
  return (
    <>
      {isRoot ? <PinItems chat={chat} /> : null}
      <DropdownMenuItem icon={SquarePen} onSelect={() => onDialog({ kind: "rename", chat })}>
        Rename
      </DropdownMenuItem>
      <DropdownMenuItem icon={chat.has_unread ? MailOpen : Mail} onSelect={() => void actions.toggleUnread(chat)}>
        {chat.has_unread ? "Mark read" : "Mark unread"}
      </DropdownMenuItem>
      {isRoot ? (
        <>
          <DropdownMenuSeparator />
          <DropdownMenuItem icon={Archive} reason={refusal} onSelect={() => void actions.archive(chat)}>
            Archive
          </DropdownMenuItem>
          {chat.workspace_id ? (
            <DropdownMenuItem
              icon={Trash2}
              reason={refusal}
              onSelect={() => onDialog({ kind: "delete-workspace", chat })}
            >
              Archive and delete workspace
            </DropdownMenuItem>
          ) : null}
        </>
      ) : null}
    </>
  );
}

/** Pin or unpin, and for those who do not drag, one place up or down. */
function PinItems({ chat }: { chat: Chat }) {
  const actions = useChatActions();
  const pins = usePins();
  const place = pins.placeOf(chat.id);
  return (
    <>
      <DropdownMenuItem icon={chat.pinned ? PinOff : Pin} onSelect={() => void actions.togglePin(chat)}>
        {chat.pinned ? "Unpin" : "Pin"}
      </DropdownMenuItem>
      {place?.canMoveUp ? (
        <DropdownMenuItem icon={ArrowUp} onSelect={() => pins.moveBy(chat.id, -1)}>
          Move up
        </DropdownMenuItem>
      ) : null}
      {place?.canMoveDown ? (
        <DropdownMenuItem icon={ArrowDown} onSelect={() => pins.moveBy(chat.id, 1)}>
          Move down
        </DropdownMenuItem>
      ) : null}
    </>
  );
}
