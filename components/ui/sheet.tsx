"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import { Dialog as Base } from "radix-ui";
import type { ReactNode } from "react";
import { IconButton } from "./icon-button";

type SheetProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  children: ReactNode;
  /** A 56 px foot for the sheet's acts. */
  foot?: ReactNode;
  side?: "left" | "right";
  locked?: boolean;
  className?: string;
};

/** A panel at the side of the window that takes the focus; it covers a phone's screen. */
export function Sheet({ open, onOpenChange, title, children, foot, side = "right", locked, className }: SheetProps) {
  const keepOpen = locked ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className="fixed inset-0 z-40 bg-scrim data-[state=open]:animate-appear" />
        <Base.Content
          aria-describedby={undefined}
          onEscapeKeyDown={keepOpen}
          onPointerDownOutside={keepOpen}
          className={clsx(
            "screen-cover fixed inset-y-0 z-40 flex w-full flex-col bg-page outline-none data-[state=open]:animate-appear sm:w-100",
            side === "right" ? "right-0 border-line sm:border-l" : "left-0 border-line sm:border-r",
            className,
          )}
        >
          <div className="flex h-(--bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-5">
            <Base.Title className="min-w-0 flex-1 truncate font-semibold text-lg">{title}</Base.Title>
            <Base.Close asChild>
              <IconButton icon={X} label="Close" />
            </Base.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
          {foot ? (
            <div className="flex min-h-14 shrink-0 items-center gap-2 border-line border-t px-5 pb-[env(safe-area-inset-bottom)]">
              {foot}
            </div>
          ) : null}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
