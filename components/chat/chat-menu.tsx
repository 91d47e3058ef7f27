"use client";

import { Ellipsis } from "lucide-react";
import { useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { ChatMenuItems } from "../agents-sidebar/chat-row-menu";
import { RenameDialog } from "../agents-sidebar/rename-dialog";
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { IconButton } from "../ui/icon-button";

/** The acts on the open chat: the same as in its row of the list. */
export function ChatMenu({ chat }: { chat: Chat }) {
  const [isRenaming, setRenaming] = useState(false);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton icon={Ellipsis} label="Actions for this agent" className="max-sm:size-11" />
        </DropdownMenuTrigger>
        <DropdownMenuContent aria-label="Actions for this agent">
          <ChatMenuItems chat={chat} onRename={() => setRenaming(true)} />
        </DropdownMenuContent>
      </DropdownMenu>
      {isRenaming ? <RenameDialog chat={chat} onClose={() => setRenaming(false)} /> : null}
    </>
  );
}
