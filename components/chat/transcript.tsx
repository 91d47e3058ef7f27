"use client";

import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { EmptyState } from "@/components/ui/empty-state";
import type { PauseReason } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import type { AvailableModel } from "@/lib/contract/models";
import type { LiveState } from "../live/live-connection";
import { toast } from "../ui/toast";
import { Announcer } from "./announcer";
import { PausedCallout } from "./callouts";
import type { ChatActions } from "./chat-actions";
import type { ChatState } from "./chat-state";
import type { ChatStore } from "./chat-store";
import type { SendRequest } from "./composer";
import { LiveRow } from "./live-row";
import { deriveLiveStatus, isActive } from "./live-status";
import { MessageList, type WantedRow } from "./message-list";
import { NoModelCallout } from "./no-model-callout";
import { findAskingCalls } from "./open-calls";
import type { ScreenChat, Viewer } from "./screen-chat";
import { SpendLimitPause } from "./spend-limit-callout";
import { buildLiveRows, createRowBuilder, indexLiveResults, joinRows } from "./timeline";
import { findTurnFacts } from "./turn-facts";
import { useChatPart } from "./use-chat-stream";
import { useOlderMessages } from "./use-older-messages";

type TranscriptProps = {
  chat: ScreenChat;
  store: ChatStore;
  connection: LiveState;
  actions: ChatActions;
  models: readonly AvailableModel[];
  viewer: Viewer;
  onSend: (request: SendRequest) => Promise<void>;
  sentCount: number;
  wanted: WantedRow | undefined;
  editedId: number | null;
};

/** What was said and what happens now. The only part of the page that is drawn again for each delta. */
export function Transcript(props: TranscriptProps) {
  const { chat, store, actions, viewer } = props;
  const state = useChatPart(store, wholeState);
  const rows = useTimelineRows(state);
  const liveResults = useMemo(() => indexLiveResults(state.live.blocks), [state.live.blocks]);
  const older = useOlderMessages(actions.loadOlder);
  const authorName = useCallback(
    (userId: string | null) => (userId === viewer.id ? viewer.name : chat.ownerName),
    [viewer.id, viewer.name, chat.ownerName],
  );
  return (
    <>
      <MessageList
        rows={rows}
        liveResults={liveResults}
        phase={phaseOf(state)}
        hasMore={state.hasMore && older.error === null}
        olderKey={`${older.pages}`}
        onLoadOlder={older.onReach}
        authorName={authorName}
        sentCount={props.sentCount}
        wanted={props.wanted}
        editedKey={props.editedId === null ? undefined : `m${props.editedId}`}
        head={<OlderState isLoading={older.isLoading} error={older.error} onRetry={older.retry} />}
        foot={<Foot {...props} state={state} isEmpty={rows.length === 0 && !state.hasMore} />}
      />
      <Announcer text={liveText(state)} stepKey={state.live.episode ?? ""} />
    </>
  );
}

const wholeState = (state: ChatState) => state;

function phaseOf({ status }: ChatState) {
  if (isActive(status)) return "active";
  return status === "paused" ? "paused" : "idle";
}

/** Stored rows are built again only when a row changed; a delta builds the rows of its step alone. */
function useTimelineRows({ messages, live, status }: ChatState) {
  const [builder] = useState(createRowBuilder);
  const isOpen = isActive(status) || status === "paused";
  const durable = useMemo(() => builder.build(messages, isOpen), [builder, messages, isOpen]);
  return useMemo(
    () => joinRows(durable, buildLiveRows(live.blocks, messages.at(-1)?.id ?? 0)),
    [durable, live.blocks, messages],
  );
}

function Foot(props: TranscriptProps & { state: ChatState; isEmpty: boolean }): ReactNode {
  const { state, models, chat, viewer } = props;
  const [isRetryBusy, setRetryBusy] = useState(false);
  const status = deriveLiveStatus(state, props.connection);
  const model = models.find((each) => each.id === chat.lastModelId) ?? models.find((each) => each.is_default);
  const turn = useMemo(() => findTurnFacts(state.messages), [state.messages]);
  const isAsking = useMemo(() => findAskingCalls(state.messages).length > 0, [state.messages]);
  const retry = () => {
    setRetryBusy(true);
    props
      .onSend(retryRequest(chat.lastModelId))
      .catch((error: unknown) => toast.error(errorText(error), { id: "retry" }))
      .finally(() => setRetryBusy(false));
  };
  const isPaused = state.status === "paused" && state.pauseReason;
  return (
    <>
      {props.isEmpty && !isActive(state.status) ? (
        <EmptyState
          title="Nothing was said yet"
          hint={chat.isArchived ? "The agent was archived before it had a task." : "Tell the agent below what to do."}
        />
      ) : null}
      <LiveRow
        status={status}
        turn={turn}
        modelName={model?.display_name ?? "the model"}
        activityKey={`${state.live.episode}/${state.live.lastSeq}/${state.statusVersion}`}
        isAdmin={viewer.isAdmin}
        isRetryBusy={isRetryBusy}
        onRetry={retry}
      />
      {/* A question and a plan have cards of their own. */}
      {isPaused && !isAsking ? <Paused reason={isPaused} chatId={chat.id} isAdmin={viewer.isAdmin} /> : null}
      {models.length === 0 && !chat.isArchived ? <NoModelCallout models={models} isAdmin={viewer.isAdmin} /> : null}
    </>
  );
}

function Paused({ reason, chatId, isAdmin }: { reason: PauseReason; chatId: string; isAdmin: boolean }) {
  if (reason === "spend_limit") return <SpendLimitPause chatId={chatId} isAdmin={isAdmin} />;
  return <PausedCallout reason={reason} />;
}

/** A failed turn goes on with a message, as any other. */
const retryRequest = (modelId: string | null): SendRequest => ({
  content: "Try again.",
  modelId: modelId ?? undefined,
  busyBehavior: "queue",
  effort: undefined,
});

function OlderState(props: { isLoading: boolean; error: string | null; onRetry: () => void }): ReactNode {
  if (props.error) {
    return (
      <Callout
        tone="danger"
        title="Older messages did not load"
        action={
          <Button size="sm" onClick={props.onRetry}>
            Try again
          </Button>
        }
      >
        {props.error}
      </Callout>
    );
  }
  return props.isLoading ? <p className="py-2 text-center text-ink-3 text-sm">Loading older messages</p> : null;
}

function liveText(state: ChatState): string {
  const last = state.live.blocks.at(-1);
  return last?.type === "text" ? last.text : "";
}
