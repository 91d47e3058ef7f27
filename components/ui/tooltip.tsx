"use client";

import { Tooltip as Base } from "radix-ui";
import type { ReactNode } from "react";
import { Kbd } from "./kbd";

type TooltipProps = {
  label: ReactNode;
  shortcut?: string;
  side?: "top" | "right" | "bottom" | "left";
  /** The control it describes; it must accept a ref. */
  children: ReactNode;
};

/** A short text on hover and focus. Never the only place of a fact. */
export function Tooltip({ label, shortcut, side = "bottom", children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger asChild>{children}</Base.Trigger>
      <Base.Portal>
        <Base.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-60 flex max-w-72 items-center gap-2 rounded-sm border border-line-2 bg-raised px-2 py-1 text-ink text-sm shadow-pop data-[state=delayed-open]:animate-appear"
        >
          {label}
          {shortcut ? <Kbd>{shortcut}</Kbd> : null}
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}

/** Once, around the application: the delay is shared, so that neighbours open at once. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <Base.Provider delayDuration={500} skipDelayDuration={300}>
      {children}
    </Base.Provider>
  );
}
