"use client";

import clsx from "clsx";
import { ChevronDown, ChevronRight, type LucideIcon } from "lucide-react";
import { type ReactNode, useId } from "react";
import { useKeptOpen } from "./use-kept-open";

type WorkLineProps = {
  icon: LucideIcon;
  isTurning?: boolean;
  verb: ReactNode;
  object?: ReactNode;
  meta?: ReactNode;
  /** Absent: the line has nothing to open. */
  children?: ReactNode;
  defaultOpen?: boolean;
  /** Its name among the lines of its row, when there are several. */
  slot?: string;
};

/** One line of work without a border: icon, bold verb, object, chevron. */
export function WorkLine(props: WorkLineProps) {
  const { icon: Icon, isTurning, verb, object, meta, children } = props;
  const [chosen, choose] = useKeptOpen(`line/${props.slot ?? ""}`);
  const isOpen = chosen ?? props.defaultOpen ?? false;
  const bodyId = useId();
  const line = (
    <>
      <Icon aria-hidden className={clsx("shrink-0", isTurning && "icon-turning text-accent")} />
      <span className="shrink-0 font-medium text-ink-2">{verb}</span>
      {object ? <span className="min-w-0 truncate">{object}</span> : null}
      {meta ? <span className="shrink-0 tabular-nums">{meta}</span> : null}
    </>
  );
  const look = "flex min-h-7 w-full items-center gap-2 text-left text-ink-3 text-md pointer-coarse:min-h-9";
  if (!children) return <div className={look}>{line}</div>;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        aria-controls={bodyId}
        onClick={() => choose(!isOpen)}
        className={clsx(look, "rounded-sm hover:text-ink-2")}
      >
        {line}
        <Chevron aria-hidden className="size-3.5 shrink-0" />
      </button>
      <div id={bodyId} hidden={!isOpen} className={isOpen ? "animate-appear" : undefined}>
        {isOpen ? children : null}
      </div>
    </div>
  );
}
