"use client";

import { useRef } from "react";
import type { Chat } from "@/lib/contract/chats";
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "../ui/dropdown-menu";
import type { ChatDialog } from "./chat-dialog";
import { ChatMenuItems } from "./chat-menu-items";
import type { useRowMenu } from "./use-row-menu";

export type RowMenuProps = {
  chat: Chat;
  control: ReturnType<typeof useRowMenu>;
  onDialog: (dialog: ChatDialog) => void;
};

/** The menu of a row while it is open, at its button or where it was asked for. */
export function OpenRowMenu(props: RowMenuProps & { returnTo: () => HTMLElement | null }) {
  const { chat, control } = props;
  const anchor = control.menu?.anchor;
  const opener = useRef(document.activeElement);
  return (
    <DropdownMenu open onOpenChange={(open) => open || control.close()}>
      <DropdownMenuTrigger asChild>
        <span
          aria-hidden
          style={anchor ? { left: anchor.x, top: anchor.y, width: 0, height: 0 } : undefined}
          className="pointer-events-none absolute top-0.5 right-1 size-6"
        />
      </DropdownMenuTrigger>
      <DropdownMenuContent
        align={anchor ? "start" : "end"}
        aria-label={`Actions for ${chat.title}`}
        onCloseAutoFocus={(event) => {
          event.preventDefault();
          const from = opener.current;
          const target = from instanceof HTMLElement && from !== document.body ? from : props.returnTo();
          target?.focus({ preventScroll: true });
        }}
      >
        <ChatMenuItems chat={chat} onDialog={props.onDialog} />
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
