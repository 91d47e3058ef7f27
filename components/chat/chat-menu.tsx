"use client";

import { Download, Ellipsis } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient } from "@/lib/contract/client";
import { type ChatDialog, hasChatMenu } from "../agents-sidebar/chat-dialog";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "../ui/dropdown-menu";
import { IconButton } from "../ui/icon-button";

const ChatMenuItems = lazy(async () => ({
  default: (await import("../agents-sidebar/chat-menu-items")).ChatMenuItems,
}));
const ChatDialogs = lazy(async () => ({ default: (await import("../agents-sidebar/chat-dialogs")).ChatDialogs }));

/** The acts on the open chat: the same as in its row of the list. */
export function ChatMenu({ chat }: { chat: Chat }) {
  const [dialog, setDialog] = useState<ChatDialog | null>(null);
  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton icon={Ellipsis} label="Actions for this agent" className="max-sm:size-11" />
        </DropdownMenuTrigger>
        <DropdownMenuContent aria-label="Actions for this agent">
          {hasChatMenu(chat) ? (
            <>
              <ChatMenuItems chat={chat} onDialog={setDialog} />
              <DropdownMenuSeparator />
            </>
          ) : null}
          {EXPORTS.map(({ format, label }) => (
            <DropdownMenuItem
              key={format}
              icon={Download}
              onSelect={() => download(chatsClient.exportUrl(chat.id, format))}
            >
              {label}
            </DropdownMenuItem>
          ))}
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

const EXPORTS = [
  { format: "markdown", label: "Export as Markdown" },
  { format: "json", label: "Export as JSON" },
] as const;

/** The server names the file. */
function download(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
