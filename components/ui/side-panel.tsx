"use client";

import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./icon-button";

type SidePanelProps = {
  title: string;
  onClose: () => void;
  /** Given when the panel is a form: its foot submits it. */
  onSubmit?: (event: FormEvent) => void;
  /** Acts in a line of their own at the bottom. */
  foot?: ReactNode;
  children: ReactNode;
};

/** One object beside its list; it covers a small screen. Escape closes it, and the focus goes back to what opened it. */
export function SidePanel({ title, onClose, onSubmit, foot, children }: SidePanelProps) {
  const titleId = useId();
  const panel = useRef<HTMLElement>(null);
  useReturnedFocus(panel);
  const body = (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto">{children}</div>
      {foot ? (
        <div className="flex min-h-14 shrink-0 flex-wrap items-center gap-2 border-line border-t px-5 py-2 pb-[max(8px,env(safe-area-inset-bottom))]">
          {foot}
        </div>
      ) : null}
    </>
  );
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        // What is open above the panel, a menu for one, takes the key for itself.
        if (event.key === "Escape" && !event.defaultPrevented && event.currentTarget.contains(event.target as Node))
          onClose();
      }}
      className="flex flex-col bg-page outline-none max-lg:screen-cover max-lg:fixed max-lg:inset-0 max-lg:z-30 lg:w-100 lg:shrink-0 lg:animate-appear lg:border-line lg:border-l"
    >
      <div className="flex h-(--bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-5">
        <h2 id={titleId} className="min-w-0 flex-1 truncate font-semibold text-lg">
          {title}
        </h2>
        <IconButton icon={X} label="Close" onClick={onClose} />
      </div>
      {onSubmit ? (
        <form onSubmit={onSubmit} className="flex min-h-0 flex-1 flex-col">
          {body}
        </form>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col">{body}</div>
      )}
    </aside>
  );
}

/** A part of a panel, ruled off from the next. */
export function PanelSection({ title, action, children }: { title?: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-4 border-line border-b p-5 last:border-b-0">
      {title ? (
        <div className="flex min-h-6 items-center justify-between gap-2">
          <h3 className="font-semibold text-md">{title}</h3>
          {action}
        </div>
      ) : null}
      {children}
    </section>
  );
}

function useReturnedFocus(panel: React.RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    return () => {
      // By the time that the panel is gone the focus is on nothing, unless a person has put it elsewhere.
      queueMicrotask(() => {
        if (document.activeElement === document.body && opener instanceof HTMLElement && opener.isConnected) {
          opener.focus({ preventScroll: true });
        }
      });
    };
  }, [panel]);
}
