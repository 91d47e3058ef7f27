"use client";

import { Download, FileText, ImageOff } from "lucide-react";
import { Dialog as Base } from "radix-ui";
import { useState } from "react";
import { API_PREFIX } from "@/lib/contract/client";

type FileViewProps = { fileId: string; name: string; mediaType: string };

/** Pictures that a page may show; anything else, SVG included, is only ever downloaded. */
const SHOWN_IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"]);

export const isShownImage = (mediaType: string): boolean => SHOWN_IMAGES.has(mediaType);
export const fileAddress = (fileId: string): string => `${API_PREFIX}/chats/files/${encodeURIComponent(fileId)}`;

/** An attached file: a picture that opens large, or a name to download. */
export function FileView({ fileId, name, mediaType }: FileViewProps) {
  if (isShownImage(mediaType)) return <ImageView address={fileAddress(fileId)} name={name} />;
  return (
    <a
      href={fileAddress(fileId)}
      download={name}
      className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-sm border border-line px-2.5 text-ink-2 text-md hover:bg-hover"
    >
      <FileText aria-hidden className="text-ink-3" />
      <span className="truncate">{name}</span>
      <Download aria-hidden className="size-3.5 text-ink-3" />
      <span className="hidden-text">Download</span>
    </a>
  );
}

/** A thumbnail of fixed height, so that nothing jumps when it has loaded; pressed, the picture in full. */
function ImageView({ address, name }: { address: string; name: string }) {
  const [isGone, setGone] = useState(false);
  if (isGone) {
    return (
      <span className="inline-flex h-40 items-center gap-1.5 rounded-md border border-line border-dashed px-4 text-ink-3 text-sm">
        <ImageOff aria-hidden />
        {name} is no longer there
      </span>
    );
  }
  return (
    <Base.Root>
      <Base.Trigger
        aria-label={`Open ${name}`}
        className="block h-40 max-w-full overflow-hidden rounded-md border border-line bg-sunken"
      >
        {/* biome-ignore lint/performance/noImgElement: a file of the person, behind their session */}
        <img
          src={address}
          alt={name}
          loading="lazy"
          decoding="async"
          onError={() => setGone(true)}
          className="h-full max-w-full object-contain"
        />
      </Base.Trigger>
      <Base.Portal>
        <Base.Overlay className="fixed inset-0 z-50 grid place-items-center bg-scrim p-6 data-[state=open]:animate-appear">
          <Base.Content aria-describedby={undefined} className="flex max-h-full max-w-full flex-col gap-2 outline-none">
            <Base.Close aria-label="Close" className="min-h-0 cursor-zoom-out">
              {/* biome-ignore lint/performance/noImgElement: as above */}
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
