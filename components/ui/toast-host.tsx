"use client";

import { useEffect } from "react";
import { Toaster as Base, toast as send } from "sonner";

type Options = { id?: string; action?: { label: string; onClick: () => void } };

export const toastActs = {
  show: (text: string, options: Options) => void send(text, options),
  stay: (text: string, { isError, ...options }: Options & { isError?: boolean }) =>
    void (isError ? send.error : send)(text, { ...options, duration: Number.POSITIVE_INFINITY, closeButton: true }),
  dismiss: (id: string) => void send.dismiss(id),
};

export type ToastHostProps = { onReady: (acts: typeof toastActs) => void };

/** Where notices show. Says when it listens: what is sent sooner is lost. */
export function ToastHost({ onReady }: ToastHostProps) {
  useEffect(() => onReady(toastActs), [onReady]);
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
