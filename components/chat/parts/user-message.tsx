"use client";

import { Check, Copy, FileText } from "lucide-react";
import { memo } from "react";
import { IconButton } from "@/components/ui/icon-button";
import type { FileReferencePart, Message } from "@/lib/contract/messages";
import { useCopy } from "../use-copy";
import { ClockTime } from "./clock-time";

type UserMessageProps = {
  message: Message;
  texts: readonly string[];
  references: readonly FileReferencePart[];
  authorName: string;
};

/** A person's message: what was written, as it was written, with name and time. */
export const UserMessage = memo(function UserMessage({ message, texts, references, authorName }: UserMessageProps) {
  const { isCopied, copy } = useCopy();
  const text = texts.join("\n");
  return (
    <div className="group/user flex flex-col items-end gap-1 pt-2 pb-1">
      {references.length > 0 ? (
        <ul className="flex max-w-4/5 flex-wrap justify-end gap-1">
          {references.map((reference) => (
            <li key={`${reference.file_name}:${reference.start_line}`}>
              <FileReferenceChip reference={reference} />
            </li>
          ))}
        </ul>
      ) : null}
      {text ? (
        <p className="wrap-anywhere max-w-4/5 whitespace-pre-wrap rounded-lg bg-bubble px-3.5 py-2 text-lg">{text}</p>
      ) : null}
      <div className="mr-0.5 flex h-4 items-center gap-1.5 text-ink-3 text-sm">
        <IconButton
          size="sm"
          icon={isCopied ? Check : Copy}
          label={isCopied ? "Copied" : "Copy message"}
          onClick={() => copy(text)}
          className="opacity-0 focus-visible:opacity-100 group-hover/user:opacity-100"
        />
        <span>{authorName}</span>
        <ClockTime at={message.created_at} />
      </div>
    </div>
  );
});

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
