"use client";

import { Download, FileText, ImageOff } from "lucide-react";
import { lazy, Suspense, useRef, useState } from "react";
import { API_PREFIX } from "@/lib/contract/client";

const Lightbox = lazy(async () => ({ default: (await import("./lightbox")).Lightbox }));

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
  const [isOpen, setOpen] = useState(false);
  const thumbnail = useRef<HTMLButtonElement>(null);
  if (isGone) {
    return (
      <span className="inline-flex h-40 items-center gap-1.5 rounded-md border border-line border-dashed px-4 text-ink-3 text-sm">
        <ImageOff aria-hidden />
        {name} is no longer there
      </span>
    );
  }
  return (
    <>
      <button
        ref={thumbnail}
        type="button"
        aria-haspopup="dialog"
        aria-label={`Open ${name}`}
        onClick={() => setOpen(true)}
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
      </button>
      {isOpen ? (
        <Suspense>
          <Lightbox address={address} name={name} onClose={() => setOpen(false)} returnTo={thumbnail} />
        </Suspense>
      ) : null}
    </>
  );
}
