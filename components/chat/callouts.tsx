"use client";

import { CirclePause, RefreshCw, WifiOff } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { useCopy } from "@/components/ui/use-copy";
import { assertNever } from "@/lib/assert-never";
import type { ChatError, PauseReason } from "@/lib/contract/chats";
import type { RetryState } from "@/lib/contract/events";
import { Link } from "../ui/link";
import { failureTitle, isModelSetup } from "./failure-text";
import { SpendLimitCallout } from "./spend-limit-callout";
import { useSecond } from "./use-second";

/** A model call failed and is tried again by itself. */
export function RetryCallout({ retry }: { retry: RetryState }) {
  return (
    <Callout tone="warning" icon={RefreshCw} title={failureTitle(retry.kind, retry.provider)}>
      {retry.status_code === null ? retry.message : `Answered ${retry.status_code}.`} Try {retry.attempt + 1}{" "}
      <Countdown untilMs={Date.parse(retry.retrying_at)} />.
    </Callout>
  );
}

/** Ticks alone, and is not announced each second. */
function Countdown({ untilMs }: { untilMs: number }) {
  const seconds = Math.max(0, Math.ceil((untilMs - useSecond()) / 1000));
  return (
    <span aria-hidden className="tabular-nums">
      {seconds === 0 ? "now" : `in ${seconds} s`}
    </span>
  );
}

type FailedCalloutProps = { error: ChatError; isAdmin: boolean; isBusy: boolean; onRetry: () => void };

/** The turn ended with a failure: what failed, the provider's own words, what to do. */
export function FailedCallout({ error, isAdmin, isBusy, onRetry }: FailedCalloutProps) {
  const { isCopied, copy } = useCopy();
  const code = error.status_code === null ? "" : `Answered ${error.status_code}. `;
  return (
    <Callout
      tone="danger"
      title={failureTitle(error.kind, error.provider)}
      actions={
        <>
          <Button size="sm" busy={isBusy} onClick={onRetry}>
            Try again
          </Button>
          {isAdmin && isModelSetup(error.kind) ? (
            <Button size="sm" variant="ghost" asChild>
              <Link href="/admin/models">Open models</Link>
            </Button>
          ) : null}
          <Button size="sm" variant="ghost" onClick={() => copy(JSON.stringify(error, null, 2))}>
            {isCopied ? "Copied" : "Copy details"}
          </Button>
        </>
      }
    >
      <p>
        {code}
        {error.message}
      </p>
      {error.detail && error.detail !== error.message ? (
        <p className="mt-1 max-h-40 overflow-auto whitespace-pre-wrap font-mono text-sm">{error.detail}</p>
      ) : null}
    </Callout>
  );
}

export function ReconnectingCallout({ retryAtMs }: { retryAtMs: number }) {
  return (
    <Callout
      tone="info"
      icon={WifiOff}
      title={
        <>
          Reconnecting <Countdown untilMs={retryAtMs} />
        </>
      }
    >
      The agent keeps working. Nothing is lost.
    </Callout>
  );
}

/** The session ended while the page was open. */
export function SignedOutCallout() {
  return (
    <Callout
      tone="warning"
      title="You are signed out"
      action={
        <Button size="sm" asChild>
          <a href="/sign-in">Sign in</a>
        </Button>
      }
    >
      The agent keeps working. What you typed is kept.
    </Callout>
  );
}

/** What a paused agent waits for. */
export function PausedCallout({ reason }: { reason: PauseReason }) {
  switch (reason) {
    case "question":
      return (
        <Callout tone="warning" icon={CirclePause} title="The agent asks a question">
          Answer below.
        </Callout>
      );
    case "plan":
      return (
        <Callout tone="warning" icon={CirclePause} title="The agent proposes a plan">
          Approve it or say below what to change.
        </Callout>
      );
    case "tool_results":
      return (
        <Callout tone="warning" icon={CirclePause} title="The agent waits for tool results">
          The program that runs these tools has to send them.
        </Callout>
      );
    case "spend_limit":
      return <SpendLimitCallout />;
    default:
      return assertNever(reason);
  }
}
