"use client";

import { Popover as Base } from "radix-ui";
import type { ReactNode } from "react";

export type PopoverProps = {
  /** The button that opens it; it must accept a ref. */
  trigger: ReactNode;
  label: string;
  side?: "top" | "bottom";
  align?: "start" | "center" | "end";
  children: ReactNode;
};

/** Begins open: it is there since a person asked for it. */
export function PopoverSurface({ trigger, label, side = "top", align = "center", children }: PopoverProps) {
  return (
    <Base.Root defaultOpen>
      <Base.Trigger asChild>{trigger}</Base.Trigger>
      <Base.Portal>
        <Base.Content
          side={side}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 max-w-[calc(100vw-16px)] rounded-md border border-line-2 bg-raised p-3 text-ink text-md shadow-pop outline-none data-[state=open]:animate-appear"
        >
          {children}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
