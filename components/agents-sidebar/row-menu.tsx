"use client";

import { Ellipsis } from "lucide-react";
import { useRef } from "react";
import type { Chat } from "@/lib/contract/chats";
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { type ChatDialog, ChatMenuItems, hasChatMenu } from "./chat-menu-items";
import type { useRowMenu } from "./use-row-menu";

type RowMenuProps = {
  chat: Chat;
  control: ReturnType<typeof useRowMenu>;
  onDialog: (dialog: ChatDialog) => void;
};

/** A row's menu button, where the time stands, on hover and focus. The menu itself exists while it is open. */
export function RowMenu({ chat, control, onDialog }: RowMenuProps) {
  const button = useRef<HTMLButtonElement>(null);
  if (!hasChatMenu(chat)) return null;
  const isOpen = control.menu !== null;
  return (
    <>
      <button
        ref={button}
        type="button"
        tabIndex={isOpen ? -1 : undefined}
        aria-label={`Actions for ${chat.title}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-state={isOpen ? "open" : undefined}
        onClick={control.open}
        className="absolute top-0.5 right-1 grid size-6 place-items-center rounded-sm text-ink-3 opacity-0 hover:bg-active hover:text-ink focus-visible:opacity-100 group-focus-within/row:opacity-100 group-hover/row:opacity-100 data-[state=open]:bg-active data-[state=open]:text-ink data-[state=open]:opacity-100 max-sm:pointer-events-none max-sm:opacity-0! pointer-coarse:size-8"
      >
        <Ellipsis aria-hidden className="size-4" />
      </button>
      {control.menu ? (
        <OpenMenu chat={chat} control={control} onDialog={onDialog} returnTo={() => button.current} />
      ) : null}
    </>
  );
}

function OpenMenu(props: RowMenuProps & { returnTo: () => HTMLElement | null }) {
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
