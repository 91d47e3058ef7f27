"use client";

import { Pencil, Trash2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Button } from "../../ui/button";
import { IconButton } from "../../ui/icon-button";
import { describeLines, MAX_COMMENTS, type OpenComment, type ReviewComment } from "./review-draft";

type CommentEditorProps = {
  open: OpenComment;
  /** The review takes no more new ones. */
  isFull: boolean;
  onType: (text: string) => void;
  onKeep: () => void;
  onCancel: () => void;
};

/** Where a comment is written, below its line. */
export function CommentEditor({ open, isFull, onType, onKeep, onCancel }: CommentEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus({ preventScroll: true }), []);
  const isRefused = isFull && open.id === null;
  const isReady = open.text.trim() !== "" && !isRefused;

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    }
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey) && isReady) {
      event.preventDefault();
      onKeep();
    }
  }

  return (
    <div className="border-line border-y bg-sunken px-4 py-3 font-ui max-sm:px-3">
      <div className="rounded-md border border-line-2 bg-raised has-[textarea:focus-visible]:border-focus has-[textarea:focus-visible]:ring-1 has-[textarea:focus-visible]:ring-focus">
        <textarea
          ref={field}
          rows={3}
          value={open.text}
          aria-label={`Comment on ${open.path}, ${describeLines(open)}`}
          placeholder="What should change here"
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
          className="block w-full resize-y bg-transparent px-3 pt-2.5 text-ink text-md outline-none focus-visible:outline-none max-sm:text-xl"
        />
        <div className="flex flex-wrap items-center justify-end gap-1 p-2">
          <span className="mr-auto pl-1 text-ink-3 text-sm">
            {isRefused ? `A review holds ${MAX_COMMENTS} comments. Send it first.` : describeLines(open)}
          </span>
          <Button size="sm" variant="ghost" onClick={onCancel}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" disabled={!isReady} onClick={onKeep}>
            {open.id ? "Save comment" : "Add to review"}
          </Button>
        </div>
      </div>
    </div>
  );
}

type CommentBoxProps = { comment: ReviewComment; onEdit: () => void; onRemove: () => void };

/** A comment that waits to be sent. */
export function CommentBox({ comment, onEdit, onRemove }: CommentBoxProps) {
  return (
    <div className="border-line border-y bg-sunken px-4 py-3 font-ui max-sm:px-3">
      <div className="flex items-start gap-2 rounded-md border border-line-2 bg-raised py-2 pr-2 pl-3">
        <div className="min-w-0 flex-1">
          <p className="wrap-anywhere whitespace-pre-wrap text-ink text-md">{comment.text}</p>
          <p className="mt-1 text-ink-3 text-sm">{describeLines(comment)}</p>
        </div>
        <IconButton size="sm" icon={Pencil} label="Edit comment" onClick={onEdit} />
        <IconButton size="sm" icon={Trash2} label="Remove comment" onClick={onRemove} />
      </div>
    </div>
  );
}
