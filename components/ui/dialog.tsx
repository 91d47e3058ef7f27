"use client";

import clsx from "clsx";
import { Dialog as Base } from "radix-ui";
import type { ReactNode } from "react";

type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, right-aligned; the last is the act. */
  actions?: ReactNode;
  /** While an act runs: neither Escape nor a click outside closes. */
  locked?: boolean;
  className?: string;
};

/** A question or a small form over the page. Focus returns to what opened it. */
export function Dialog({ open, onOpenChange, title, description, children, actions, locked, className }: DialogProps) {
  const keepOpen = locked ? (event: Event) => event.preventDefault() : undefined;
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Overlay className="fixed inset-0 z-50 grid place-items-center overflow-y-auto bg-scrim p-4 data-[state=open]:animate-appear">
          <Base.Content
            onEscapeKeyDown={keepOpen}
            onPointerDownOutside={keepOpen}
            onInteractOutside={keepOpen}
            {...(description ? {} : { "aria-describedby": undefined })}
            className={clsx(
              "w-full max-w-110 rounded-lg border border-line bg-raised p-5 shadow-dialog outline-none data-[state=open]:animate-rise",
              className,
            )}
          >
            <Base.Title className="font-semibold text-ink text-xl tracking-tight">{title}</Base.Title>
            {description ? (
              <Base.Description className="mt-1 text-ink-2 text-md">{description}</Base.Description>
            ) : null}
            {children ? <div className="mt-4">{children}</div> : null}
            {actions ? <div className="mt-5 flex flex-wrap justify-end gap-2">{actions}</div> : null}
          </Base.Content>
        </Base.Overlay>
      </Base.Portal>
    </Base.Root>
  );
}
