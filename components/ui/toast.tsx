"use client";

import { Toaster as Base, toast as send } from "sonner";

type ToastAction = { label: string; onClick: () => void };

/** One line and at most one action. Errors stay until dismissed; the same `id` replaces. */
export const toast = {
  show: (text: string, options: { id?: string; action?: ToastAction } = {}) => send(text, options),
  error: (text: string, options: { id?: string; action?: ToastAction } = {}) =>
    send.error(text, { ...options, duration: Number.POSITIVE_INFINITY, closeButton: true }),
  dismiss: (id: string) => send.dismiss(id),
};

/** Once, in the root layout. */
export function Toaster() {
  return (
    <Base
      position="bottom-right"
      gap={8}
      visibleToasts={3}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "flex min-h-10 w-(--width) items-center gap-2 rounded-md border border-line-2 bg-raised py-2 pr-2 pl-3 text-ink text-md shadow-pop",
          content: "min-w-0 flex-1 wrap-anywhere",
          title: "text-md",
          icon: "flex text-danger",
          actionButton: "rounded-sm px-2 py-0.5 font-medium text-ink text-sm hover:bg-hover",
          closeButton:
            "order-last grid size-6 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover [&>svg]:size-3",
        },
      }}
    />
  );
}
