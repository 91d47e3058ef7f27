"use client";

import { Check, Copy, Route } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { IconButton } from "@/components/ui/icon-button";
import { Textarea } from "@/components/ui/textarea";
import { useCopy } from "@/components/ui/use-copy";
import { errorText } from "@/lib/contract/client";
import { useChatContext } from "../chat-context";
import { Markdown } from "../parts/markdown";
import { readPlanAnswer } from "../pause-data";
import { fieldsOf, textOf } from "../tool-data";
import type { ToolCall } from "./tool-call";
import { ToolErrorBody } from "./tool-card";

/** A plan that a person approves, or sends back with what to change. */
export function PlanTool({ call }: { call: ToolCall }) {
  const plan = textOf(fieldsOf(call.args).plan) ?? textOf(call.args) ?? "";
  const { title, body } = splitTitle(plan);
  const { isCopied, copy } = useCopy();
  // Until the first word is there, there is nothing to say.
  if (plan === "" && call.state === "running") return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a form's group
    <div role="group" aria-label="Plan" className="overflow-hidden rounded-md border border-line bg-raised">
      <div className="flex min-h-9 items-center gap-2 border-line border-b py-1.5 pr-2 pl-3 text-md">
        <Route aria-hidden className={call.state === "waiting" ? "text-warning" : "text-ink-3"} />
        <span className="wrap-anywhere min-w-0 flex-1 font-medium text-ink">{title ? `Plan: ${title}` : "Plan"}</span>
        <span className="shrink-0 text-ink-3 text-sm">{planState(call)}</span>
        <IconButton
          size="sm"
          icon={isCopied ? Check : Copy}
          label={isCopied ? "Copied" : "Copy plan"}
          onClick={() => copy(plan)}
        />
      </div>
      <div className="px-4 py-3">
        <Markdown text={body} isLive={call.state === "running"} />
      </div>
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
      {call.state === "waiting" ? <PlanApproval toolCallId={call.toolCallId} /> : <PlanFeedback call={call} />}
    </div>
  );
}

function PlanApproval({ toolCallId }: { toolCallId: string }) {
  const { answer } = useChatContext().acts;
  const [changes, setChanges] = useState<string>();
  const [pending, setPending] = useState<"approve" | "changes">();
  const [error, setError] = useState<string>();
  if (!answer) return null;
  const send = (act: "approve" | "changes", output: unknown) => {
    setPending(act);
    setError(undefined);
    answer({ toolCallId, output }).catch((failure: unknown) => {
      setError(errorText(failure));
      setPending(undefined);
    });
  };
  const sendChanges = () => send("changes", { approved: false, feedback: changes?.trim() });
  return (
    <div className="flex flex-col gap-2 px-4 pb-3">
      {changes === undefined ? null : (
        <Textarea
          autoFocus
          aria-label="What to change in the plan"
          placeholder="What should be different?"
          rows={2}
          value={changes}
          onChange={(event) => setChanges(event.target.value)}
        />
      )}
      <div className="flex flex-wrap items-center gap-2">
        {changes === undefined ? (
          <>
            <Button variant="primary" busy={pending === "approve"} onClick={() => send("approve", { approved: true })}>
              Approve and run
            </Button>
            <Button disabled={pending !== undefined} onClick={() => setChanges("")}>
              Ask for changes
            </Button>
          </>
        ) : (
          <>
            <Button
              variant="primary"
              busy={pending === "changes"}
              disabled={changes.trim() === ""}
              onClick={sendChanges}
            >
              Send changes
            </Button>
            <Button variant="ghost" disabled={pending !== undefined} onClick={() => setChanges(undefined)}>
              Cancel
            </Button>
          </>
        )}
      </div>
      {error ? (
        <p role="alert" className="text-danger text-md">
          {error}
        </p>
      ) : null}
    </div>
  );
}

function PlanFeedback({ call }: { call: ToolCall }) {
  const { feedback } = readPlanAnswer(call.result);
  if (!feedback) return null;
  return (
    <p className="wrap-anywhere whitespace-pre-wrap border-line border-t bg-sunken px-4 py-2 text-ink-2 text-md">
      {feedback}
    </p>
  );
}

function planState(call: ToolCall): string {
  if (call.state === "waiting") return "Waits for you";
  if (call.state === "running") return "Writing";
  if (call.state === "lost" || call.state === "failed") return "Not answered";
  const { verdict } = readPlanAnswer(call.result);
  return { approved: "Approved", changes: "Sent back", message: "Answered by message", unknown: "Answered" }[verdict];
}

/** A plan's own first heading is its title. */
function splitTitle(plan: string): { title: string | undefined; body: string } {
  const match = /^\s*#{1,4} (.{1,120}?)\s*(?:\n|$)/.exec(plan);
  return match ? { title: match[1], body: plan.slice(match[0].length) } : { title: undefined, body: plan };
}
