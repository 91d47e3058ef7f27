"use client";

import { Ellipsis } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { hasChatMenu } from "./chat-dialog";
import type { RowMenuProps } from "./open-row-menu";

const load = () => import("./open-row-menu");
const OpenRowMenu = lazy(async () => ({ default: (await load()).OpenRowMenu }));

/**
 * A row's menu button, where the time stands, on hover and focus; Tab reaches that of one row, as it does the row. The
 * menu itself exists while it is open.
 */
export function RowMenu({ chat, control, isTabStop, onDialog }: RowMenuProps & { isTabStop: boolean }) {
  const button = useRef<HTMLButtonElement>(null);
  if (!hasChatMenu(chat)) return null;
  const isOpen = control.menu !== null;
  return (
    <>
      <button
        ref={button}
        type="button"
        tabIndex={isOpen || !isTabStop ? -1 : undefined}
        aria-label={`Actions for ${chat.title}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-state={isOpen ? "open" : undefined}
        onPointerEnter={() => void load()}
        onFocus={() => void load()}
        onClick={control.open}
        className="absolute top-0.5 right-1 grid size-6 place-items-center rounded-sm text-ink-3 opacity-0 hover:bg-active hover:text-ink focus-visible:opacity-100 group-focus-within/row:opacity-100 group-hover/row:opacity-100 data-[state=open]:bg-active data-[state=open]:text-ink data-[state=open]:opacity-100 max-sm:pointer-events-none max-sm:opacity-0! pointer-coarse:size-8"
      >
        <Ellipsis aria-hidden className="size-4" />
      </button>
      {control.menu ? (
        <Suspense>
          <OpenRowMenu chat={chat} control={control} onDialog={onDialog} returnTo={() => button.current} />
        </Suspense>
      ) : null}
    </>
  );
}
