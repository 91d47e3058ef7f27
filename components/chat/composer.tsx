"use client";

import { useEffect, useMemo, useState } from "react";
import { Button } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import type { BusyBehavior, InputContent, QueuedMessage, ReasoningEffort, Usage } from "@/lib/contract/messages";
import type { AvailableModel } from "@/lib/contract/models";
import { AttachmentList } from "./attachment-list";
import { BusyPicker, parseBusyBehavior } from "./busy-picker";
import { ComposerAdd, PlanBadge } from "./composer-add";
import { type ComposerCommand, findCommand, toSuggestions } from "./composer-commands";
import { ComposerField } from "./composer-field";
import { EffortPicker, ModelPicker, parseEffort, toEffort } from "./composer-pickers";
import { ContextRing } from "./context-ring";
import { chooseModel } from "./model-choice";
import { type QueueActions, QueueList } from "./queue-list";
import { SendButton, StopButton } from "./send-button";
import { useComposer } from "./use-composer";
import { BUSY_STORAGE_KEY, EFFORT_STORAGE_KEY, MODEL_STORAGE_KEY, useStoredChoice } from "./use-stored-choice";
import { useSuggestions } from "./use-suggestions";
import { useWorkspaceNames } from "./use-workspace-names";

export type SendRequest = {
  content: InputContent;
  modelId: string | undefined;
  busyBehavior: BusyBehavior;
  effort: ReasoningEffort | undefined;
};

type ComposerProps = {
  chatId: string;
  workspaceId: string | null;
  models: readonly AvailableModel[];
  /** What the chat used last. */
  lastModelId: string | null;
  sentTexts: readonly string[];
  /** What fills the model's context; null when nothing says. */
  context: Usage | null;
  commands: readonly ComposerCommand[];
  isPlanning: boolean;
  onPlanning: (isPlanning: boolean) => void;
  /** A message sent now queues, unless it interrupts. */
  isBusy: boolean;
  /** There is a turn to stop. */
  canStop: boolean;
  isStopping: boolean;
  queue: readonly QueuedMessage[];
  queueActions: QueueActions;
  onSend: (request: SendRequest) => Promise<void>;
  onStop: () => void;
};

/** Where a person talks to the agent: text, model, and what a message does while the agent is busy. */
export function Composer(props: ComposerProps) {
  const { models, isBusy, queue, queueActions, commands } = props;
  const [picked, setPicked] = useState<string | null>(null);
  const [remembered, remember] = useStoredChoice(MODEL_STORAGE_KEY);
  const [storedEffort, setEffort] = useStoredChoice(EFFORT_STORAGE_KEY);
  const [storedBusy, setBusy] = useStoredChoice(BUSY_STORAGE_KEY);
  const model = chooseModel({ models, picked, ofChat: props.lastModelId, remembered });
  const effort = parseEffort(storedEffort);
  const busyBehavior = parseBusyBehavior(storedBusy);
  const composer = useComposer({
    draftName: props.chatId,
    sentTexts: props.sentTexts,
    onSend: (content) => {
      const command = typeof content === "string" ? findCommand(commands, content) : undefined;
      if (command) return command.run();
      return props.onSend({ content, modelId: model?.id, busyBehavior, effort: toEffort(effort) });
    },
  });
  const { chatId, workspaceId } = props;
  const { skills, findFiles } = useWorkspaceNames({ chatId, workspaceId, hasSlash: composer.text.startsWith("/") });
  const suggestions = useSuggestions({
    field: composer.field,
    text: composer.text,
    change: composer.change,
    commands: useMemo(() => toSuggestions(commands, skills), [commands, skills]),
    findFiles,
  });
  const first = queue[0];
  const submit = () => {
    if (composer.canSend) void composer.send();
    else if (first && composer.text === "" && composer.files.attachments.length === 0) queueActions.onPromote(first.id);
  };
  useStopKey(props.canStop && !props.isStopping, props.onStop);
  return (
    <div className="shrink-0 px-6 pb-[max(16px,env(safe-area-inset-bottom))] max-sm:px-2 max-sm:pb-[max(8px,env(safe-area-inset-bottom))]">
      <div className="mx-auto max-w-(--chat)">
        {composer.error ? (
          <NotSent
            title={findCommand(commands, composer.text) ? "The command was not done" : "The message was not sent"}
            error={composer.error}
            onDismiss={composer.clearError}
          />
        ) : null}
        <QueueList queue={queue} {...queueActions} />
        <ComposerField
          field={composer.field}
          text={composer.text}
          onChange={composer.change}
          onSubmit={submit}
          onStep={composer.stepHistory}
          suggestions={suggestions}
          onFiles={composer.files.add}
          onPasteText={composer.files.pasteText}
          attachments={<AttachmentList attachments={composer.files.attachments} onRemove={composer.files.remove} />}
          label="Message to the agent"
          placeholder={isBusy ? "Tell the agent what to change" : "Tell the agent what to do next"}
        >
          <ComposerAdd
            onFiles={composer.files.add}
            isPlanning={props.isPlanning}
            onPlanning={props.onPlanning}
            effort={effort}
            onEffort={setEffort}
          />
          <ModelPicker
            models={models}
            model={model}
            onPick={(modelId) => {
              setPicked(modelId);
              remember(modelId);
            }}
          />
          <span className="max-sm:hidden">
            <EffortPicker effort={effort} onPick={setEffort} />
          </span>
          {props.isPlanning ? <PlanBadge onLeave={() => props.onPlanning(false)} /> : null}
          <span className="flex-1" />
          <ContextRing usage={props.context} limit={model?.context_limit ?? null} />
          {isBusy ? <BusyPicker behavior={busyBehavior} onPick={setBusy} /> : null}
          {props.canStop ? <StopButton isBusy={props.isStopping} onStop={props.onStop} /> : null}
          <SendButton
            label={isBusy ? SEND_LABELS[busyBehavior] : "Send"}
            isDisabled={!composer.canSend || (model === undefined && models.length > 0)}
            isBusy={composer.isSending}
            onSend={submit}
          />
        </ComposerField>
      </div>
    </div>
  );
}

const SEND_LABELS = {
  queue: "Queue message",
  steer: "Steer with message",
  interrupt: "Stop and send",
} satisfies Record<BusyBehavior, string>;

function NotSent({ title, error, onDismiss }: { title: string; error: string; onDismiss: () => void }) {
  return (
    <Callout
      tone="danger"
      title={title}
      className="mb-2"
      action={
        <Button size="sm" variant="ghost" onClick={onDismiss}>
          Dismiss
        </Button>
      }
    >
      {error} Your text is kept.
    </Callout>
  );
}

/** Escape stops the turn, unless something that is open takes the key for itself. */
function useStopKey(isArmed: boolean, onStop: () => void): void {
  useEffect(() => {
    if (!isArmed) return;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing || event.repeat) return;
      if (document.querySelector("[role=dialog], [role=menu], [role=listbox]")) return;
      onStop();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isArmed, onStop]);
}
