"use client";

import { Slot } from "radix-ui";
import { lazy, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import type { ShownTooltip, TooltipSide } from "./tooltip-bubble";

type TooltipProps = {
  label: string;
  shortcut?: string;
  side?: TooltipSide;
  /** The control it describes. */
  children: ReactNode;
};

/** A short text on hover and focus. Never the only place of a fact. */
export function Tooltip({ label, shortcut, side, children }: TooltipProps) {
  return (
    <Slot.Root data-tooltip={label} data-tooltip-shortcut={shortcut} data-tooltip-side={side}>
      {children}
    </Slot.Root>
  );
}

const TooltipBubble = lazy(async () => ({ default: (await import("./tooltip-bubble")).TooltipBubble }));

const DELAY_MS = 500;
/** Neighbours open at once within this time. */
const SKIP_DELAY_MS = 300;

/** Once, around the application: one bubble for all controls, whose code loads when the first one shows. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  const shown = useTooltip();
  return (
    <>
      {children}
      {shown ? (
        <Suspense>
          <TooltipBubble key={shown.label} {...shown} />
        </Suspense>
      ) : null}
    </>
  );
}

function useTooltip(): ShownTooltip | null {
  const [shown, setShown] = useState<ShownTooltip | null>(null);
  const closedAtMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    let target: HTMLElement | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isShown = false;
    const stop = new AbortController();
    const on = (type: string, listener: (event: Event) => void) =>
      document.addEventListener(type, listener, { signal: stop.signal, capture: true, passive: true });

    function hide() {
      clearTimeout(timer);
      if (isShown) closedAtMs.current = performance.now();
      target = null;
      isShown = false;
      setShown(null);
    }
    function aim(event: Event) {
      const next = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tooltip]") : null;
      if (next === target) return;
      if (target) hide();
      // What is open says more than its name.
      if (!next || next.dataset.state === "open" || next.ariaExpanded === "true") return;
      if (event.type === "focusin" && !next.matches(":focus-visible")) return;
      target = next;
      const isNear = performance.now() - closedAtMs.current < SKIP_DELAY_MS;
      timer = setTimeout(show, isNear ? 0 : DELAY_MS);
    }
    function show() {
      if (!target?.isConnected) return hide();
      const { tooltip = "", tooltipShortcut, tooltipSide = "bottom" } = target.dataset;
      isShown = true;
      setShown({ target, label: tooltip, shortcut: tooltipShortcut, side: tooltipSide as TooltipSide });
    }

    on("pointerover", (event) => (event as PointerEvent).pointerType !== "touch" && aim(event));
    on("focusin", aim);
    for (const type of ["focusout", "pointerdown", "keydown", "scroll"]) on(type, () => target && hide());
    on("pointerleave", (event) => event.target === document.documentElement && target && hide());
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, []);
  return shown;
}
