"use client";

import { Check, Copy, GitFork } from "lucide-react";
import { IconButton } from "@/components/ui/icon-button";
import { useCopy } from "@/components/ui/use-copy";
import { partsText } from "@/lib/contract/parts-text";
import { useChatContext } from "../chat-context";
import type { TurnEndRow } from "../timeline-rows";
import { ClockTime } from "./clock-time";
import { UsagePopover } from "./usage-popover";

/** Below the last answer of a turn: what can be done with it, what it cost. */
export function TurnEnd({ row }: { row: TurnEndRow }) {
  const { isCopied, copy } = useCopy();
  const { acts } = useChatContext();
  const last = row.answers.at(-1);
  const text =
    row.answers
      .map((answer) => partsText(answer.content))
      .filter(Boolean)
      .at(-1) ?? "";
  if (!last) return null;
  const { onFork } = acts;
  return (
    <div className="turn-acts -mt-1 flex h-7 items-center gap-2 text-ink-3 text-sm">
      <span className="-ml-1 flex items-center">
        {text ? (
          <IconButton
            size="sm"
            icon={isCopied ? Check : Copy}
            label={isCopied ? "Copied" : "Copy answer"}
            onClick={() => copy(text)}
          />
        ) : null}
        {onFork ? <IconButton size="sm" icon={GitFork} label="Fork from here" onClick={() => onFork(last.id)} /> : null}
      </span>
      <UsagePopover answers={row.answers} />
      <ClockTime at={last.created_at} />
    </div>
  );
}
