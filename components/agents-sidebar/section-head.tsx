"use client";

import clsx from "clsx";
import { ChevronDown, ChevronRight } from "lucide-react";
import type { ReactNode } from "react";

type SectionHeadProps = {
  label: string;
  count?: number;
  /** At the right end. */
  action?: ReactNode;
  /** Given when the section can be closed. */
  isClosed?: boolean;
  onToggle?: () => void;
};

/** The line above a section: its name, how many are in it, and a press closes it. */
export function SectionHead({ label, count, action, isClosed = false, onToggle }: SectionHeadProps) {
  const Chevron = isClosed ? ChevronRight : ChevronDown;
  const caption = (
    <>
      {label}
      <span className="font-regular tabular-nums">{count}</span>
    </>
  );
  return (
    <div className="flex h-7 items-center gap-1.5 px-2 font-medium text-ink-3 text-xs pointer-coarse:h-11">
      {onToggle ? (
        <button
          type="button"
          aria-expanded={!isClosed}
          onClick={onToggle}
          className="group/head -ml-2 flex h-full min-w-0 flex-1 items-center gap-1.5 rounded-sm pl-2 text-left focus-ring-inset hover:text-ink-2"
        >
          {caption}
          <Chevron
            aria-hidden
            className={clsx(
              "size-3",
              !isClosed &&
                "opacity-0 group-hover/head:opacity-100 group-focus-visible/head:opacity-100 [@media(hover:none)]:opacity-100",
            )}
          />
        </button>
      ) : (
        <span className="flex flex-1 items-center gap-1.5">{caption}</span>
      )}
      {action ? <span className="-mr-1 flex">{action}</span> : null}
    </div>
  );
}
