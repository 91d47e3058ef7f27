"use client";

import clsx from "clsx";
import { ArrowUp, Check, ChevronRight, GripVertical, Paperclip, Pencil, Trash2, X } from "lucide-react";
import { useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import type { InputContent, QueueDelivery, QueuedMessage } from "@/lib/contract/messages";
import { partsText } from "@/lib/contract/parts-text";
import { isComposing, isSubmitKey } from "./submit-key";
import { useRowDrag } from "./use-row-drag";

export type QueueActions = {
  onPromote: (queuedId: number) => void;
  onRemove: (queuedId: number) => void;
  onEdit: (queuedId: number, content: InputContent) => void;
  onDelivery: (queuedId: number, delivery: QueueDelivery) => void;
  /** `position` counts from 1. */
  onMove: (queuedId: number, position: number) => void;
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
          index={index}
          count={queue.length}
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
  index: number;
  count: number;
  className: string | undefined;
  /** On a phone the first row stands for all until they are asked for. */
  more: { count: number; isOpen: boolean; onToggle: () => void } | undefined;
};

function QueueRow(props: QueueRowProps) {
  const { queued, index, count, className, more, onPromote, onRemove, onMove } = props;
  const [isEditing, setEditing] = useState(false);
  const drag = useRowDrag({ index, count, onMove: (position) => onMove(queued.id, position) });
  const text = partsText(queued.content);
  const files = queued.content.filter((part) => part.type === "file").length;
  return (
    <li
      style={drag.movedPx === undefined ? undefined : { transform: `translateY(${drag.movedPx}px)` }}
      className={clsx(
        "group/queued flex min-h-7.5 items-center gap-2 rounded-sm pr-1 text-ink-2 text-md",
        drag.movedPx !== undefined && "relative z-10 bg-raised shadow-pop",
        className,
      )}
    >
      {count > 1 ? (
        <button
          type="button"
          aria-label={`Move, ${index + 1} of ${count}; arrow keys move it`}
          {...drag.grip}
          className="inline-flex h-7 w-5 shrink-0 cursor-grab touch-none items-center justify-center rounded-xs text-ink-3 hover:text-ink-2 pointer-coarse:h-11 pointer-coarse:w-8"
        >
          <GripVertical aria-hidden className="size-3.5" />
        </button>
      ) : (
        <span className="w-1" />
      )}
      <DeliveryBadge delivery={queued.delivery} onChange={(delivery) => props.onDelivery(queued.id, delivery)} />
      {isEditing ? (
        <QueuedEdit
          text={text}
          onCancel={() => setEditing(false)}
          onSave={(next) => {
            setEditing(false);
            if (next !== "" && next !== text) props.onEdit(queued.id, withText(queued, next));
          }}
        />
      ) : (
        <>
          <span className="min-w-0 flex-1 truncate" title={text}>
            {text}
          </span>
          {files > 0 ? (
            <span className="flex shrink-0 items-center gap-1 text-ink-3 text-sm">
              <Paperclip aria-hidden className="size-3.5" />
              {files}
              <span className="hidden-text">{files === 1 ? "file" : "files"}</span>
            </span>
          ) : null}
          <span
            className={clsx(
              "flex shrink-0 items-center",
              more && !more.isOpen && "max-sm:hidden",
              index > 0 &&
                "opacity-0 focus-within:opacity-100 group-hover/queued:opacity-100 pointer-coarse:opacity-100",
            )}
          >
            <IconButton size="sm" icon={Pencil} label="Edit" onClick={() => setEditing(true)} />
            <IconButton
              size="sm"
              icon={ArrowUp}
              label={index === 0 ? "Send now" : "Send now, before the others"}
              shortcut={index === 0 ? "↵" : undefined}
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

/** What happens to the message, and pressed the other thing. */
function DeliveryBadge(props: { delivery: QueueDelivery; onChange: (delivery: QueueDelivery) => void }) {
  const isSteer = props.delivery === "steer";
  const label = isSteer ? "Steer" : "Queue";
  const change = isSteer ? "Send it after this turn instead" : "Send it at the next step instead";
  return (
    <button
      type="button"
      title={change}
      aria-label={`${label}. ${change}`}
      onClick={() => props.onChange(isSteer ? "queue" : "steer")}
      className={clsx(
        "inline-flex h-5 w-12 shrink-0 items-center justify-center rounded-xs font-medium text-xs pointer-coarse:h-8",
        isSteer ? "bg-accent-bg text-accent" : "bg-hover text-ink-2 hover:bg-active",
      )}
    >
      {label}
    </button>
  );
}

type QueuedEditProps = { text: string; onSave: (text: string) => void; onCancel: () => void };

/** Enter saves, with Shift it breaks the line: a field of one line would join those that the message has. */
function QueuedEdit({ text, onSave, onCancel }: QueuedEditProps) {
  const [edited, setEdited] = useState(text);
  return (
    <>
      <textarea
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to edit this row
        autoFocus
        rows={1}
        aria-label="Queued message"
        value={edited}
        onFocus={({ currentTarget: field }) => field.setSelectionRange(field.value.length, field.value.length)}
        onChange={(event) => setEdited(event.target.value)}
        onKeyDown={(event) => {
          if (isSubmitKey(event)) {
            event.preventDefault();
            onSave(edited.trim());
          } else if (event.key === "Escape" && !isComposing(event)) {
            // The page's own Escape would stop the agent.
            event.preventDefault();
            onCancel();
          }
        }}
        className="field-sizing-content max-h-[20dvh] min-h-6 min-w-0 flex-1 resize-none rounded-xs border border-focus bg-raised px-1.5 py-0.5 text-ink outline-none focus-visible:outline-none max-sm:min-h-9 max-sm:text-xl"
      />
      <IconButton size="sm" icon={Check} label="Save" onClick={() => onSave(edited.trim())} />
      <IconButton size="sm" icon={X} label="Cancel" onClick={onCancel} />
    </>
  );
}

/** The message with other words and everything else that it had. */
function withText(queued: QueuedMessage, text: string): InputContent {
  const rest = queued.content.filter((part) => part.type === "file" || part.type === "file-reference");
  return rest.length === 0 ? text : ([{ type: "text", text }, ...rest] as InputContent);
}
