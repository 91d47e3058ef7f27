"use client";

import { Download } from "lucide-react";
import { Dialog as Base } from "radix-ui";
import type { RefObject } from "react";

type LightboxProps = {
  address: string;
  name: string;
  onClose: () => void;
  /** Has the focus again when it is closed. */
  returnTo: RefObject<HTMLElement | null>;
};

/** A picture as large as the window lets it be. A press anywhere closes it. */
export function Lightbox({ address, name, onClose, returnTo }: LightboxProps) {
  return (
    <Base.Root open onOpenChange={(open) => open || onClose()}>
      <Base.Portal>
        <Base.Overlay className="fixed inset-0 z-50 grid place-items-center bg-scrim p-6 data-[state=open]:animate-appear">
          <Base.Content
            aria-describedby={undefined}
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              returnTo.current?.focus();
            }}
            className="flex max-h-full max-w-full flex-col gap-2 outline-none"
          >
            <Base.Close aria-label="Close" className="min-h-0 cursor-zoom-out">
              {/* biome-ignore lint/performance/noImgElement: a file of the person, behind their session */}
              <img src={address} alt={name} className="max-h-[85dvh] max-w-full rounded-md bg-raised object-contain" />
            </Base.Close>
            <div className="flex items-center justify-between gap-3 rounded-md bg-raised px-3 py-1.5 text-md">
              <Base.Title className="truncate text-ink">{name}</Base.Title>
              <a href={address} download={name} className="inline-flex items-center gap-1.5 text-accent">
                <Download aria-hidden className="size-3.5" />
                Download
              </a>
            </div>
          </Base.Content>
        </Base.Overlay>
      </Base.Portal>
    </Base.Root>
  );
}
