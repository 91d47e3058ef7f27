"use client";

import { ArrowDown, ArrowUp, Check, Copy, Ellipsis, FileText, History, Pencil } from "lucide-react";
import { memo, useRef } from "react";
import { copyText } from "@/components/ui/copy-text";
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu";
import { IconButton } from "@/components/ui/icon-button";
import { toast } from "@/components/ui/toast";
import { useCopy } from "@/components/ui/use-copy";
import type { FileReferencePart } from "@/lib/contract/messages";
import { useChatContext } from "../chat-context";
import { revealHidden } from "../hidden-characters";
import type { UserRow } from "../timeline-rows";
import { ClockTime } from "./clock-time";
import { EditMessage } from "./edit-message";
import { FileView } from "./file-part";
import { LongText } from "./long-text";

/** A person's message: what was written, as it was written, with name and time. */
export const UserMessage = memo(function UserMessage({ row, authorName }: { row: UserRow; authorName: string }) {
  const { message, references, files } = row;
  const { editedId, acts, startEdit } = useChatContext();
  const text = row.texts.join("\n");
  const { onEdit } = acts;
  return (
    <div className="group/user flex flex-col items-end gap-1 pt-2 pb-1">
      {references.length > 0 || files.length > 0 ? (
        <ul className="flex max-w-4/5 flex-wrap justify-end gap-1">
          {references.map((reference, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be about the same line; a sent message does not change
            <li key={index}>
              <FileReferenceChip reference={reference} />
            </li>
          ))}
          {files.map((file) => (
            <li key={file.file_id}>
              <FileView fileId={file.file_id} name={file.name} mediaType={file.media_type} />
            </li>
          ))}
        </ul>
      ) : null}
      {onEdit && editedId === message.id ? (
        <EditMessage text={text} onSave={(next) => onEdit(message.id, next)} onCancel={() => startEdit(null)} />
      ) : text ? (
        <LongText
          text={revealHidden(text)}
          className="wrap-anywhere max-w-4/5 whitespace-pre-wrap rounded-lg bg-bubble px-3.5 py-2 text-lg"
        />
      ) : null}
      <div className="mr-0.5 flex h-4 items-center gap-1.5 text-ink-3 text-sm">
        <MessageButtons messageId={message.id} text={text} />
        <MessageMenu messageId={message.id} text={text} />
        <span>{authorName}</span>
        <ClockTime at={message.created_at} />
      </div>
    </div>
  );
});

type MessageActsProps = { messageId: number; text: string };

function MessageButtons({ messageId, text }: MessageActsProps) {
  const { isCopied, copy } = useCopy();
  const { acts, editedId, startEdit, jump } = useChatContext();
  return (
    <span className="flex items-center opacity-0 focus-within:opacity-100 group-hover/user:opacity-100 pointer-coarse:hidden">
      <IconButton size="sm" icon={ArrowUp} label="Your previous message" onClick={() => jump(messageId, "previous")} />
      <IconButton size="sm" icon={ArrowDown} label="Your next message" onClick={() => jump(messageId, "next")} />
      <IconButton
        size="sm"
        icon={isCopied ? Check : Copy}
        label={isCopied ? "Copied" : "Copy message"}
        onClick={() => copy(text)}
      />
      {acts.onEdit && editedId === null ? (
        <IconButton size="sm" icon={Pencil} label="Edit and run again" onClick={() => startEdit(messageId)} />
      ) : null}
      {acts.onRewind && editedId === null ? (
        <IconButton size="sm" icon={History} label="Rewind to here" onClick={() => acts.onRewind?.(messageId)} />
      ) : null}
    </span>
  );
}

/** The same where nothing hovers: one button instead of a row of them under every message. */
function MessageMenu({ messageId, text }: MessageActsProps) {
  const { acts, editedId, startEdit, jump } = useChatContext();
  const copy = () =>
    copyText(text).then(
      () => toast.show("Message copied"),
      () => toast.error("The browser did not copy the message."),
    );
  const button = useRef<HTMLButtonElement>(null);
  /** Takes the focus itself, so it begins when the menu has given it back. */
  const next = useRef<() => void>(undefined);
  const onClosed = (event: Event) => {
    event.preventDefault();
    const act = next.current ?? (() => button.current?.focus({ preventScroll: true }));
    next.current = undefined;
    act();
  };
  return (
    <span className="hidden pointer-coarse:flex">
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <IconButton
            size="sm"
            ref={button}
            icon={Ellipsis}
            label="Actions for this message"
            className="relative after:absolute after:-inset-1.5"
          />
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end" aria-label="Actions for this message" onCloseAutoFocus={onClosed}>
          <DropdownMenuItem onSelect={() => void copy()}>Copy message</DropdownMenuItem>
          {acts.onEdit && editedId === null ? (
            <DropdownMenuItem onSelect={() => (next.current = () => startEdit(messageId))}>
              Edit and run again
            </DropdownMenuItem>
          ) : null}
          {acts.onRewind && editedId === null ? (
            <DropdownMenuItem onSelect={() => (next.current = () => acts.onRewind?.(messageId))}>
              Rewind to here
            </DropdownMenuItem>
          ) : null}
          <DropdownMenuItem onSelect={() => jump(messageId, "previous")}>Your previous message</DropdownMenuItem>
          <DropdownMenuItem onSelect={() => jump(messageId, "next")}>Your next message</DropdownMenuItem>
        </DropdownMenuContent>
      </DropdownMenu>
    </span>
  );
}

function FileReferenceChip({ reference }: { reference: FileReferencePart }) {
  const { file_name: name, start_line: start, end_line: end } = reference;
  const lines = start === end ? `${start}` : `${start}–${end}`;
  return (
    <span
      title={reference.content}
      className="inline-flex h-6 items-center gap-1.5 rounded-xs bg-hover px-1.5 text-ink-2 text-sm"
    >
      <FileText aria-hidden className="size-3.5 text-ink-3" />
      {name}:{lines}
    </span>
  );
}
