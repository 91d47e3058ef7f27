"use client";

import { FileText, TriangleAlert, X } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { Spinner } from "@/components/ui/spinner";
import { formatBytes } from "@/lib/format";
import type { Attachment } from "./attachments";
import { fileAddress, isShownImage } from "./parts/file-part";

type AttachmentListProps = { attachments: readonly Attachment[]; onRemove: (key: string) => void };

/** The files of the message that is being written, each with how far it is. */
export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  if (attachments.length === 0) return null;
  return (
    <ul aria-label="Attached files" className="flex flex-wrap gap-1.5 px-3 pt-3">
      {attachments.map((attachment) => (
        <li
          key={attachment.key}
          className="flex h-11 max-w-full items-center gap-2 rounded-sm border border-line bg-sunken pr-1 pl-2 text-md"
        >
          <Picture attachment={attachment} />
          <span className="min-w-0">
            <span className="block max-w-48 truncate text-ink">{attachment.name}</span>
            <span className="block max-w-60 truncate text-ink-3 text-sm">{stateText(attachment)}</span>
          </span>
          <IconButton
            size="sm"
            icon={X}
            label={`Remove ${attachment.name}`}
            tooltipSide="top"
            onClick={() => onRemove(attachment.key)}
          />
        </li>
      ))}
    </ul>
  );
}

function Picture({ attachment }: { attachment: Attachment }) {
  if (attachment.state === "uploading") return <Spinner />;
  if (attachment.state === "failed") return <TriangleAlert aria-hidden className="text-danger" />;
  if (!isShownImage(attachment.mediaType)) return <FileText aria-hidden className="text-ink-3" />;
  return (
    // biome-ignore lint/performance/noImgElement: a file of the person, behind their session
    <img src={fileAddress(attachment.fileId)} alt="" className="size-8 rounded-xs object-cover" />
  );
}

function stateText(attachment: Attachment): string {
  if (attachment.state === "failed") return attachment.reason;
  return attachment.state === "uploading" ? "Uploading" : formatBytes(attachment.sizeBytes);
}
