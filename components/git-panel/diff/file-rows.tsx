"use client";

import clsx from "clsx";
import { ChevronDown, ChevronRight, FileText } from "lucide-react";
import { memo } from "react";
import { formatCount, formatPlural } from "@/lib/format";
import { revealHidden } from "../../chat/hidden-characters";
import { DiffCount } from "../../chat/tools/unified-diff";
import { Badge } from "../../ui/badge";
import { Checkbox } from "../../ui/checkbox";
import type { PatchFile, PatchKind } from "./parse-patch";

const KIND_LABELS = {
  changed: null,
  added: "New",
  deleted: "Deleted",
  renamed: "Renamed",
} satisfies Record<PatchKind, string | null>;

type FileRowProps = {
  file: PatchFile;
  /** Not sent yet. */
  commentCount: number;
  onPress: (file: PatchFile) => void;
};

/** A file's name in the list above the diff; pressed, the diff scrolls to it. */
export const JumpRow = memo(function JumpRow({ file, commentCount, onPress }: FileRowProps) {
  const cut = file.path.lastIndexOf("/") + 1;
  return (
    <button
      type="button"
      onClick={() => onPress(file)}
      className="focus-ring-inset flex h-7 w-full items-center gap-2 px-4 text-left text-sm hover:bg-hover pointer-coarse:h-11"
    >
      <FileText aria-hidden className="size-3.5 text-ink-3" />
      <code className="flex min-w-0 flex-1">
        <span className="truncate text-ink-3">{revealHidden(file.path.slice(0, cut))}</span>
        <span className="shrink-0 truncate text-ink max-w-full">{revealHidden(file.path.slice(cut))}</span>
      </code>
      <CommentCount count={commentCount} />
      <FileCount file={file} />
    </button>
  );
});

type FileHeadProps = FileRowProps & {
  isOpen: boolean;
  isViewed: boolean;
  onView: (file: PatchFile, isViewed: boolean) => void;
  /** A copy of one that was scrolled away, for the pointer alone. */
  isFloating?: boolean;
};

/** Above a file's lines; pressed, it opens or closes. */
export const FileHead = memo(function FileHead({ file, onPress, onView, isFloating = false, ...state }: FileHeadProps) {
  const { commentCount, isOpen, isViewed } = state;
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const label = KIND_LABELS[file.kind];
  const tabIndex = isFloating ? -1 : undefined;
  return (
    <div
      aria-hidden={isFloating || undefined}
      className={clsx("flex items-center border-line border-y bg-raised pr-2", isFloating && "shadow-pop")}
    >
      <h3 className="min-w-0 flex-1">
        <button
          type="button"
          aria-expanded={isOpen}
          tabIndex={tabIndex}
          data-diff-file={isFloating ? undefined : file.path}
          onClick={() => onPress(file)}
          className="focus-ring-inset flex h-8.5 w-full items-center gap-2 px-3 text-left text-sm hover:bg-hover pointer-coarse:h-11"
        >
          <Chevron aria-hidden className="size-3.5 text-ink-3" />
          <code className={clsx("truncate", isViewed ? "text-ink-3" : "text-ink")} title={file.path}>
            {file.oldPath ? `${revealHidden(file.oldPath)} → ` : null}
            {revealHidden(file.path)}
          </code>
          <FileCount file={file} />
          {label ? <Badge>{label}</Badge> : null}
          <span className="flex-1" />
          <CommentCount count={commentCount} />
        </button>
      </h3>
      <Checkbox checked={isViewed} tabIndex={tabIndex} onCheckedChange={(checked) => onView(file, checked)}>
        <span className="text-ink-2 text-sm">
          Viewed<span className="hidden-text"> {file.path}</span>
        </span>
      </Checkbox>
    </div>
  );
});

function FileCount({ file }: { file: PatchFile }) {
  if (file.isBinary) return <span className="shrink-0 text-ink-3">Binary</span>;
  if (file.additions + file.deletions === 0) return null;
  return (
    <span className="shrink-0">
      <DiffCount additions={file.additions} deletions={file.deletions} />
    </span>
  );
}

function CommentCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <Badge tone="accent">
      {count}
      <span className="hidden-text">{count === 1 ? "comment" : "comments"}</span>
    </Badge>
  );
}

type FileNoteProps = { file: PatchFile; reason: "binary" | "large" | "empty"; onPress: (file: PatchFile) => void };

/** Why no lines are shown. */
export function FileNote({ file, reason, onPress }: FileNoteProps) {
  const look = "flex h-9 items-center gap-2 px-4 text-ink-3 text-sm";
  if (reason === "binary") return <p className={look}>A binary file; its content is not shown.</p>;
  if (reason === "empty") {
    return <p className={look}>{file.kind === "renamed" ? "Renamed, otherwise the same." : "No lines changed."}</p>;
  }
  return (
    <p className={look}>
      {formatPlural(file.additions + file.deletions, "line")} changed.
      <button
        type="button"
        onClick={() => onPress(file)}
        className="font-medium text-accent hover:underline pointer-coarse:h-11"
      >
        Show them
        <span className="hidden-text"> in {file.path}</span>
      </button>
    </p>
  );
}

/** The rest of a long list of names. */
export function MoreFiles({ count, onPress }: { count: number; onPress: () => void }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className="focus-ring-inset flex h-7 w-full items-center px-4 pl-9.5 text-left text-ink-2 text-sm hover:bg-hover pointer-coarse:h-11"
    >
      {formatCount(count)} more
    </button>
  );
}
