"use client";

import { Tooltip as Base } from "radix-ui";
import { useEffect, useId } from "react";
import { Kbd } from "./kbd";

export type TooltipSide = "top" | "right" | "bottom" | "left";
export type ShownTooltip = { target: HTMLElement; label: string; shortcut: string | undefined; side: TooltipSide };

/** The text beside its control, which is described by it as long as it shows. */
export function TooltipBubble({ target, label, shortcut, side }: ShownTooltip) {
  const id = useId();
  const { left, top, width, height } = target.getBoundingClientRect();
  useEffect(() => {
    // The bubble repeats the name of most controls.
    if (target.ariaLabel === label || target.hasAttribute("aria-describedby")) return;
    target.setAttribute("aria-describedby", id);
    return () => target.removeAttribute("aria-describedby");
  }, [target, label, id]);
  return (
    <Base.Provider>
      <Base.Root open>
        <Base.Trigger asChild>
          <span aria-hidden className="pointer-events-none fixed" style={{ left, top, width, height }} />
        </Base.Trigger>
        <Base.Portal>
          <Base.Content
            id={id}
            side={side}
            sideOffset={6}
            collisionPadding={8}
            className="pointer-events-none z-60 flex max-w-72 items-center gap-2 rounded-sm border border-line-2 bg-raised px-2 py-1 text-ink text-sm shadow-pop"
          >
            {label}
            {shortcut ? <Kbd>{shortcut}</Kbd> : null}
          </Base.Content>
        </Base.Portal>
      </Base.Root>
    </Base.Provider>
  );
}
