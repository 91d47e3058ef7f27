"use client";

import { Ellipsis } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { type ChatDialog, ChatMenuItems, hasChatMenu } from "../agents-sidebar/chat-menu-items";
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { IconButton } from "../ui/icon-button";

const ChatDialogs = lazy(async () => ({ default: (await import("../agents-sidebar/chat-dialogs")).ChatDialogs }));

/** The acts on the open chat: the same as in its row of the list. */
export function ChatMenu({ chat }: { chat: Chat }) {
  const [dialog, setDialog] = useState<ChatDialog | null>(null);
  if (!hasChatMenu(chat)) return null;
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton icon={Ellipsis} label="Actions for this agent" className="max-sm:size-11" />
        </DropdownMenuTrigger>
        <DropdownMenuContent aria-label="Actions for this agent">
          <ChatMenuItems chat={chat} onDialog={setDialog} />
        </DropdownMenuContent>
      </DropdownMenu>
      {dialog ? (
        <Suspense>
          <ChatDialogs dialog={dialog} onClose={() => setDialog(null)} />
        </Suspense>
      ) : null}
    </>
  );
}
