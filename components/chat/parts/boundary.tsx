"use client";

import { Eraser, FileStack, LoaderCircle, type LucideIcon, TriangleAlert } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { formatTokens } from "@/lib/format";
import { useChatContext } from "../chat-context";
import type { BoundaryRow } from "../timeline-rows";
import { fieldsOf, numberOf } from "../tool-data";
import { useKeptOpen } from "../use-kept-open";
import { Markdown } from "./markdown";

/** Where the model's memory begins anew. What was said before stays readable above; the summary opens. */
export function Boundary({ row }: { row: BoundaryRow }) {
  const [isOpen = false, choose] = useKeptOpen("summary");
  const bodyId = useId();
  const { acts } = useChatContext();
  const canOpen = row.text !== "";
  return (
    <div className="py-1">
      <div className="flex min-h-7 items-center gap-3 text-ink-3 text-md">
        <span className="flex-1 border-line border-t" />
        <BoundaryLabel row={row} />
        {canOpen ? (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-controls={bodyId}
            onClick={() => choose(!isOpen)}
            className={BUTTON}
          >
            {isOpen ? "Close" : row.state === "failed" ? "Why" : "Read"}
          </button>
        ) : null}
        {row.canUndo && acts.onUndoBoundary ? <Undo act={row.act} onUndo={acts.onUndoBoundary} /> : null}
        <span className="flex-1 border-line border-t" />
      </div>
      <div id={bodyId} hidden={!isOpen}>
        {isOpen ? (
          <div className="mt-2 rounded-md border border-line bg-sunken px-4 py-3">
            <Markdown text={row.text} isQuiet />
          </div>
        ) : null}
      </div>
    </div>
  );
}

const BUTTON = "-ml-1 rounded-xs px-1 text-accent hover:underline disabled:text-ink-3 pointer-coarse:min-h-11";

/** Goes with the boundary, once the stream tells of it. */
function Undo({ act, onUndo }: { act: BoundaryRow["act"]; onUndo: () => Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const undo = () => {
    setBusy(true);
    onUndo().finally(() => setBusy(false));
  };
  return (
    <button
      type="button"
      aria-label={act === "cleared" ? "Undo the clearing" : "Undo the summary"}
      title="The model sees again what stood before this"
      disabled={isBusy}
      onClick={undo}
      className={BUTTON}
    >
      Undo
    </button>
  );
}

function BoundaryLabel({ row }: { row: BoundaryRow }): ReactNode {
  const { act, state } = row;
  if (state === "running") {
    return (
      <Label icon={LoaderCircle} iconClassName="icon-turning text-accent">
        {act === "summarised" ? "Summarising what was said" : "Clearing the model's memory"}
      </Label>
    );
  }
  if (state === "failed") {
    return (
      <Label icon={TriangleAlert} iconClassName="text-danger">
        {act === "summarised" ? "Not summarised" : "Not cleared"}
      </Label>
    );
  }
  if (act === "cleared") return <Label icon={Eraser}>Cleared: the model starts afresh here</Label>;
  return <Label icon={FileStack}>{summarisedText(row.facts)}</Label>;
}

function Label(props: { icon: LucideIcon; iconClassName?: string; children: ReactNode }) {
  const Icon = props.icon;
  return (
    <span className="flex min-w-0 items-center gap-2 tabular-nums">
      <Icon aria-hidden className={props.iconClassName ?? "size-3.5"} />
      <span className="min-w-0">{props.children}</span>
    </span>
  );
}

function summarisedText(facts: unknown): string {
  const fields = fieldsOf(facts);
  const before = numberOf(fields.context_tokens) ?? numberOf(fields.tokens_before);
  const after = numberOf(fields.summary_tokens) ?? numberOf(fields.tokens_after);
  if (before === undefined) return "Summarised";
  if (after === undefined) return `Summarised at ${formatTokens(before)} tokens`;
  return `Summarised, ${formatTokens(before)} to ${formatTokens(after)} tokens`;
}
