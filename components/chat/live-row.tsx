"use client";

import clsx from "clsx";
import { LoaderCircle, type LucideIcon, Pause } from "lucide-react";
import { type ReactNode, useState } from "react";
import { assertNever } from "@/lib/assert-never";
import { formatMoney } from "@/lib/format";
import { FailedCallout, ReconnectingCallout, RetryCallout, SignedOutCallout } from "./callouts";
import { formatSeconds } from "./format-seconds";
import type { LiveStatus } from "./live-status";
import type { TurnFacts } from "./turn-facts";
import { useSecond } from "./use-second";

/** Without a token for so long the row says that it is unusual. */
const SLOW_AFTER_MS = 15_000;

type LiveRowProps = {
  status: LiveStatus;
  turn: TurnFacts;
  modelName: string;
  /** Changes with every token, so that silence can be measured. */
  activityKey: string;
  isAdmin: boolean;
  isRetryBusy: boolean;
  onRetry: () => void;
};

/** What the agent does now, or why it does not. One of them at a time. */
export function LiveRow(props: LiveRowProps) {
  const { status, turn, modelName } = props;
  switch (status.kind) {
    case "signed-out":
      return <SignedOutCallout />;
    case "retrying":
      return <RetryCallout retry={status.retry} />;
    case "failed":
      return (
        <FailedCallout
          error={status.error}
          isAdmin={props.isAdmin}
          isBusy={props.isRetryBusy}
          onRetry={props.onRetry}
        />
      );
    case "reconnecting":
      return <ReconnectingCallout retryAtMs={status.retryAtMs} />;
    case "stopping":
      return <StatusLine icon={Pause} tone="warning" verb="Stopping" text="keeping what was written" />;
    case "starting":
      return status.waitsFor === "worker" ? (
        <StatusLine icon={LoaderCircle} verb="Queued" text="waits for a free worker" />
      ) : (
        <StatusLine icon={LoaderCircle} verb={`Waiting for ${modelName}`} text={<Silence key={props.activityKey} />} />
      );
    case "streaming":
      return (
        <div className="flex min-h-6 items-center gap-2 text-ink-3 text-sm">
          <LoaderCircle aria-hidden className="icon-turning size-3.5 text-accent" />
          <span>{DOING[status.doing]}</span>
          <TurnLine turn={turn} />
          {status.doing === "running tools" ? null : <Silence key={props.activityKey} />}
        </div>
      );
    case "compacting":
    case "idle":
      return null;
    default:
      return assertNever(status);
  }
}

const DOING = {
  writing: "Writing",
  thinking: "Thinking",
  calling: "Preparing a call",
  "running tools": "Running tools",
};

function StatusLine(props: { icon: LucideIcon; verb: string; text: ReactNode; tone?: "warning" }) {
  const Icon = props.icon;
  const isWarning = props.tone === "warning";
  return (
    <div className="flex min-h-7 items-center gap-2 text-ink-3 text-md">
      <Icon aria-hidden className={clsx(isWarning ? "text-warning" : "icon-turning text-accent")} />
      <span className="font-medium text-ink-2">{props.verb}</span>
      <span>{props.text}</span>
    </div>
  );
}

/** Nothing at first; after 15 s without a token, that and for how long. */
function Silence() {
  const [sinceMs] = useState(() => Date.now());
  const silentMs = useSecond() - sinceMs;
  if (silentMs < SLOW_AFTER_MS) return null;
  return <span className="tabular-nums">longer than usual, {formatSeconds(silentMs)}</span>;
}

/** Step, time and cost of the running turn. */
function TurnLine({ turn }: { turn: TurnFacts }) {
  const nowMs = useSecond();
  const facts = [
    `Step ${turn.step}`,
    formatSeconds(nowMs - turn.startedAtMs),
    ...(turn.costMicros ? [formatMoney(turn.costMicros)] : []),
  ];
  return facts.map((fact) => (
    <span key={fact} className="tabular-nums" suppressHydrationWarning>
      <span aria-hidden className="mr-2">
        ·
      </span>
      {fact}
    </span>
  ));
}
