"use client";

import { memo, useCallback, useMemo } from "react";
import { isBusy } from "@/lib/contract/chat-status";
import { chatsClient, errorText } from "@/lib/contract/client";
import type { AvailableModel } from "@/lib/contract/models";
import { partsText } from "@/lib/contract/parts-text";
import { toast } from "../ui/toast";
import type { ChatActions } from "./chat-actions";
import type { ChatState } from "./chat-state";
import type { ChatStore } from "./chat-store";
import { Composer, type SendRequest } from "./composer";
import type { ComposerCommand } from "./composer-commands";
import { isActive } from "./live-status";
import { findContext } from "./turn-facts";
import { useChatPart } from "./use-chat-stream";
import { usePlanMode } from "./use-plan-mode";
import { useQueueActions } from "./use-queue-actions";

type ComposerDockProps = {
  chatId: string;
  workspaceId: string | null;
  store: ChatStore;
  actions: ChatActions;
  models: readonly AvailableModel[];
  lastModelId: string | null;
  isPlanning: boolean;
  onSend: (request: SendRequest) => Promise<void>;
};

const selectMessages = (state: ChatState) => state.messages;
const selectQueue = (state: ChatState) => state.queue;
const selectStatus = (state: ChatState) => state.status;
const selectPauseReason = (state: ChatState) => state.pauseReason;

/** The composer with what it needs of the live chat; untouched by deltas. */
export const ComposerDock = memo(function ComposerDock(props: ComposerDockProps) {
  const { chatId, store, actions } = props;
  const messages = useChatPart(store, selectMessages);
  const status = useChatPart(store, selectStatus);
  const pauseReason = useChatPart(store, selectPauseReason);
  const { visibleQueue, queueActions } = useQueueActions(chatId, useChatPart(store, selectQueue));
  const plan = usePlanMode({ chatId, startsPlanning: props.isPlanning, pauseReason });
  const commands = useMemo(() => chatCommands(chatId), [chatId]);
  const stop = useCallback(() => {
    actions.interrupt().catch((error: unknown) => toast.error(errorText(error), { id: "stop" }));
  }, [actions]);
  const sentTexts = useMemo(
    () => messages.filter((message) => message.role === "user").map((message) => partsText(message.content)),
    [messages],
  );
  const context = useMemo(() => findContext(messages), [messages]);
  return (
    <Composer
      chatId={chatId}
      workspaceId={props.workspaceId}
      models={props.models}
      lastModelId={props.lastModelId}
      sentTexts={sentTexts}
      context={context}
      commands={commands}
      isPlanning={plan.isPlanning}
      onPlanning={plan.setPlanning}
      isBusy={isBusy(status, pauseReason)}
      canStop={isActive(status)}
      isStopping={status === "interrupting"}
      queue={visibleQueue}
      queueActions={queueActions}
      onSend={props.onSend}
      onStop={stop}
    />
  );
});

/** What a slash does here; the server says when it cannot be done now. */
const chatCommands = (chatId: string): ComposerCommand[] => [
  {
    name: "compact",
    hint: "Summarise what was said, so that the model has room",
    run: async () => void (await chatsClient.compact(chatId)),
  },
  {
    name: "clear",
    hint: "Start afresh for the model; people still see all of it",
    run: async () => void (await chatsClient.clear(chatId)),
  },
  {
    name: "restore",
    hint: "Take the last summary or clearing back: the model sees what was before it",
    run: async () => void (await chatsClient.undoCompact(chatId)),
  },
];
