"use client";

import { PAUSE_REASONS } from "@/lib/contract/chat-status";
import type { ChatError } from "@/lib/contract/chats";
import { PausedCallout } from "../chat/callouts";
import { LiveRow } from "../chat/live-row";
import type { LiveStatus } from "../chat/live-status";
import { Sample, SampleSection } from "./sample";

const ERROR: ChatError = {
  kind: "auth",
  message: "Anthropic refused the key.",
  provider: "anthropic",
  status_code: 401,
  retryable: true,
  detail: "invalid x-api-key",
};

function liveStatuses(nowMs: number): LiveStatus[] {
  const retry = {
    attempt: 3,
    delay_ms: 12_000,
    retrying_at: new Date(nowMs + 12_000).toISOString(),
    kind: "overloaded" as const,
    message: "Anthropic is overloaded.",
    provider: "anthropic",
    status_code: 529,
  };
  return [
    { kind: "starting", waitsFor: "worker" },
    { kind: "starting", waitsFor: "model" },
    { kind: "streaming", doing: "writing" },
    { kind: "streaming", doing: "thinking" },
    { kind: "stopping" },
    { kind: "reconnecting", retryAtMs: nowMs + 4_000 },
    { kind: "retrying", retry },
    { kind: "failed", error: ERROR },
    { kind: "signed-out" },
  ];
}

export function ChatSamples({ nowMs }: { nowMs: number }) {
  return (
    <SampleSection title="Chat">
      {liveStatuses(nowMs).map((status, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes
        <Sample key={index} name={`Live row, ${status.kind}`}>
          <LiveRow
            status={status}
            turn={{ step: 7, startedAtMs: nowMs - 192_000, costMicros: 410_000 }}
            modelName="Claude Sonnet 4.5"
            activityKey="sample"
            isAdmin
            isRetryBusy={false}
            onRetry={() => {}}
          />
        </Sample>
      ))}
      {PAUSE_REASONS.map((reason) => (
        <Sample key={reason} name={`Paused, ${reason}`}>
          <PausedCallout reason={reason} />
        </Sample>
      ))}
    </SampleSection>
  );
}
