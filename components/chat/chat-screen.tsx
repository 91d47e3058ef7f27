"use client";

import { Archive } from "lucide-react";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { isBusy } from "@/lib/contract/chat-status";
import { errorText } from "@/lib/contract/client";
import type { AvailableModel } from "@/lib/contract/models";
import { partsText } from "@/lib/contract/parts-text";
import type { LiveState } from "../live/live-connection";
import { toast } from "../ui/toast";
import { Announcer } from "./announcer";
import { PausedCallout } from "./callouts";
import type { ChatActions } from "./chat-actions";
import type { ChatState } from "./chat-state";
import { Composer, type SendRequest } from "./composer";
import { LiveRow } from "./live-row";
import { deriveLiveStatus, isActive } from "./live-status";
import { MessageList } from "./message-list";
import { NoModelCallout } from "./no-model-callout";
import { buildDurableRows, buildLiveRows, indexLiveResults, joinRows, lastTurnFilesChanged } from "./timeline";
import { findContextTokens, findTurnFacts } from "./turn-facts";
import { useOlderMessages } from "./use-older-messages";
import { useQueueActions } from "./use-queue-actions";
import "./chat.css";

export type Viewer = { id: string; name: string; isAdmin: boolean };

type ChatScreenProps = {
  chat: { id: string; ownerName: string; isArchived: boolean; lastModelId: string | null };
  state: ChatState;
  connection: LiveState;
  actions: ChatActions;
  models: readonly AvailableModel[];
  viewer: Viewer;
  onUnarchive: () => Promise<void>;
};

/** A chat below its top bar: transcript, what happens now, composer. Draws the state it is given. */
export function ChatScreen(props: ChatScreenProps) {
  const { chat, state, actions, models, viewer } = props;
  const active = isActive(state.status);
  const rows = useTimelineRows(state);
  const liveResults = useMemo(() => indexLiveResults(state.live.blocks), [state.live.blocks]);
  const older = useOlderMessages(actions.loadOlder);
  const { visibleQueue, ...queueActions } = useQueueActions(chat.id, state.queue);
  const [sentCount, setSentCount] = useState(0);
  const authorName = useCallback(
    (userId: string | null) => (userId === viewer.id ? viewer.name : chat.ownerName),
    [viewer, chat.ownerName],
  );
  const send = async (request: SendRequest) => {
    await actions.send(request);
    setSentCount((count) => count + 1);
  };
  const stop = useCallback(() => {
    actions.interrupt().catch((error: unknown) => toast.error(errorText(error), { id: "stop" }));
  }, [actions]);
  const sentTexts = useMemo(
    () => state.messages.filter((message) => message.role === "user").map((message) => partsText(message.content)),
    [state.messages],
  );
  return (
    <>
      <MessageList
        rows={rows}
        liveResults={liveResults}
        isChatActive={active}
        hasMore={state.hasMore && older.error === null}
        olderKey={`${older.pages}`}
        onLoadOlder={older.onReach}
        authorName={authorName}
        sentCount={sentCount}
        head={<OlderState isLoading={older.isLoading} error={older.error} onRetry={older.retry} />}
        foot={<ScreenFoot {...props} onRetry={() => send(retryRequest(chat.lastModelId))} />}
      />
      <Announcer text={liveText(state)} stepKey={state.live.episode ?? ""} />
      {chat.isArchived ? (
        <ArchivedStrip onUnarchive={props.onUnarchive} />
      ) : (
        <Composer
          key={chat.id}
          chatId={chat.id}
          models={models}
          lastModelId={chat.lastModelId}
          sentTexts={sentTexts}
          contextTokens={findContextTokens(state.messages)}
          isBusy={isBusy(state.status, state.pauseReason)}
          canStop={active}
          isStopping={state.status === "interrupting"}
          queue={visibleQueue}
          queueActions={queueActions}
          onSend={send}
          onStop={stop}
        />
      )}
    </>
  );
}

/** Stored rows are built again only when a row changed; a delta builds the rows of its step alone. */
function useTimelineRows(state: ChatState) {
  const { messages, live, status } = state;
  const durable = useMemo(() => {
    const rows = buildDurableRows(messages);
    const summary = isActive(status) ? undefined : lastTurnFilesChanged(messages);
    return summary ? [...rows, summary] : rows;
  }, [messages, status]);
  return useMemo(
    () => joinRows(durable, buildLiveRows(live.blocks, messages.at(-1)?.id ?? 0)),
    [durable, live.blocks, messages],
  );
}

function ScreenFoot(props: ChatScreenProps & { onRetry: () => Promise<void> }): ReactNode {
  const { state, models, chat, viewer } = props;
  const [isRetryBusy, setRetryBusy] = useState(false);
  const status = deriveLiveStatus(state, props.connection);
  const model = models.find((each) => each.id === chat.lastModelId) ?? models.find((each) => each.is_default);
  const retry = () => {
    setRetryBusy(true);
    props
      .onRetry()
      .catch((error: unknown) => toast.error(errorText(error), { id: "retry" }))
      .finally(() => setRetryBusy(false));
  };
  return (
    <>
      <LiveRow
        status={status}
        turn={findTurnFacts(state.messages)}
        modelName={model?.display_name ?? "the model"}
        activityKey={`${state.live.episode}/${state.live.lastSeq}/${state.statusVersion}`}
        isAdmin={viewer.isAdmin}
        isRetryBusy={isRetryBusy}
        onRetry={retry}
      />
      {state.status === "paused" && state.pauseReason ? <PausedCallout reason={state.pauseReason} /> : null}
      {models.length === 0 && !chat.isArchived ? <NoModelCallout models={models} isAdmin={viewer.isAdmin} /> : null}
    </>
  );
}

/** A failed turn goes on with a message, as any other. */
const retryRequest = (modelId: string | null): SendRequest => ({
  text: "Try again.",
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

function ArchivedStrip({ onUnarchive }: { onUnarchive: () => Promise<void> }) {
  const [isPending, setPending] = useState(false);
  const unarchive = () => {
    setPending(true);
    onUnarchive()
      .catch((error: unknown) => toast.error(errorText(error), { id: "unarchive" }))
      .finally(() => setPending(false));
  };
  return (
    <div className="shrink-0 px-6 pb-[max(16px,env(safe-area-inset-bottom))] max-sm:px-4">
      <div className="mx-auto flex max-w-(--chat) items-center gap-2 rounded-md border border-line bg-sunken py-1.5 pr-1.5 pl-3 text-ink-2 text-md">
        <Archive aria-hidden className="text-ink-3" />
        <span className="flex-1">Archived. Read only.</span>
        <Button size="sm" variant="ghost" busy={isPending} onClick={unarchive}>
          Unarchive
        </Button>
      </div>
    </div>
  );
}

function liveText(state: ChatState): string {
  const last = state.live.blocks.at(-1);
  return last?.type === "text" ? last.text : "";
}
