"use client";

import clsx from "clsx";
import { ArrowUp, Check, ChevronRight, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import { Badge } from "@/components/ui/badge";
import { IconButton } from "@/components/ui/icon-button";
import type { QueuedMessage } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";

export type QueueActions = {
  onPromote: (queuedId: number) => void;
  onRemove: (queuedId: number) => void;
  onEdit: (queuedId: number, text: string) => void;
};

type QueueListProps = QueueActions & { queue: readonly QueuedMessage[] };

/** Messages that wait, on the composer's top edge. On a phone its head and a count, until it is opened. */
export function QueueList({ queue, ...actions }: QueueListProps) {
  const [isOpen, setOpen] = useState(false);
  if (queue.length === 0) return null;
  const others = queue.length - 1;
  return (
    <ul
      aria-label="Queued messages"
      className="mx-3 max-h-[40dvh] overflow-y-auto rounded-t-lg border border-line border-b-0 bg-sunken p-1"
    >
      {queue.map((queued, index) => (
        <QueueRow
          key={queued.id}
          queued={queued}
          isFirst={index === 0}
          className={index > 0 && !isOpen ? "max-sm:hidden" : undefined}
          more={index === 0 && others > 0 ? { count: others, isOpen, onToggle: () => setOpen(!isOpen) } : undefined}
          {...actions}
        />
      ))}
    </ul>
  );
}

type QueueRowProps = QueueActions & {
  queued: QueuedMessage;
  isFirst: boolean;
  className: string | undefined;
  /** On a phone the first row stands for all until they are asked for. */
  more: { count: number; isOpen: boolean; onToggle: () => void } | undefined;
};

function QueueRow({ queued, isFirst, className, more, onPromote, onRemove, onEdit }: QueueRowProps) {
  const [edited, setEdited] = useState<string>();
  const text = partsText(queued.content);
  const isEditing = edited !== undefined;
  const save = () => {
    setEdited(undefined);
    if (edited?.trim() && edited !== text) onEdit(queued.id, edited.trim());
  };
  return (
    <li
      className={clsx(
        "group/queued flex min-h-7.5 items-center gap-2 rounded-sm pr-1 pl-2 text-ink-2 text-md",
        className,
      )}
    >
      <Badge tone={queued.delivery === "steer" ? "accent" : "neutral"} className="w-12 justify-center">
        {queued.delivery === "steer" ? "Steer" : "Queue"}
      </Badge>
      {isEditing ? (
        <>
          <input
            // biome-ignore lint/a11y/noAutofocus: the person has just asked to edit this row
            autoFocus
            aria-label="Queued message"
            value={edited}
            onChange={(event) => setEdited(event.target.value)}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "Enter") save();
              if (event.key === "Escape") {
                event.stopPropagation();
                setEdited(undefined);
              }
            }}
            className="h-6 min-w-0 flex-1 rounded-xs border border-focus bg-raised px-1.5 text-ink outline-none focus-visible:outline-none"
          />
          <IconButton size="sm" icon={Check} label="Save" onClick={save} />
          <IconButton size="sm" icon={X} label="Cancel" onClick={() => setEdited(undefined)} />
        </>
      ) : (
        <>
          <span className="min-w-0 flex-1 truncate" title={text}>
            {text}
          </span>
          <span
            className={clsx(
              "flex shrink-0 items-center",
              more && !more.isOpen && "max-sm:hidden",
              !isFirst &&
                "opacity-0 focus-within:opacity-100 group-hover/queued:opacity-100 pointer-coarse:opacity-100",
            )}
          >
            <IconButton size="sm" icon={Pencil} label="Edit" onClick={() => setEdited(text)} />
            <IconButton
              size="sm"
              icon={ArrowUp}
              label={isFirst ? "Send now" : "Send now, before the others"}
              shortcut={isFirst ? "↵" : undefined}
              onClick={() => onPromote(queued.id)}
            />
            <IconButton size="sm" icon={Trash2} label="Remove" onClick={() => onRemove(queued.id)} />
          </span>
          {more ? (
            <button
              type="button"
              aria-expanded={more.isOpen}
              onClick={more.onToggle}
              className="flex h-9 shrink-0 items-center gap-1 px-1 text-ink-3 text-sm sm:hidden"
            >
              {more.isOpen ? "Less" : `${more.count} more`}
              <ChevronRight aria-hidden className={clsx("size-3.5", more.isOpen && "rotate-90")} />
            </button>
          ) : null}
        </>
      )}
    </li>
  );
}
