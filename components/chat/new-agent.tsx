"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { chatsClient } from "@/lib/contract/client";
import type { AvailableModel } from "@/lib/contract/models";
import type { Template } from "@/lib/contract/workspaces";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Kbd } from "../ui/kbd";
import { AttachmentList } from "./attachment-list";
import { ComposerAdd, PlanBadge } from "./composer-add";
import { ComposerField } from "./composer-field";
import { EffortPicker, ModelPicker, parseEffort, toEffort } from "./composer-pickers";
import { createIdempotencyKey } from "./idempotency-key";
import { chooseModel } from "./model-choice";
import { NoModelCallout } from "./no-model-callout";
import { type Place, type PlaceWorkspace, toPlaceRequest } from "./place";
import { PlacePickers } from "./place-pickers";
import { SendButton } from "./send-button";
import { useComposer } from "./use-composer";
import { useRecentRepositories } from "./use-recent-repositories";
import { EFFORT_STORAGE_KEY, MODEL_STORAGE_KEY, useStoredChoice } from "./use-stored-choice";

type NewAgentProps = {
  models: readonly AvailableModel[];
  templates: readonly Pick<Template, "id" | "name" | "description">[];
  /** Those of the person that an agent can work in, the newest first. */
  workspaces: readonly PlaceWorkspace[];
  isAdmin: boolean;
};

/** A task, where it is done and by which model: that starts an agent. */
export function NewAgent({ models, templates, workspaces, isAdmin }: NewAgentProps) {
  const router = useRouter();
  const [picked, setPicked] = useState<string | null>(null);
  const [remembered, remember] = useStoredChoice(MODEL_STORAGE_KEY);
  const [storedEffort, setEffort] = useStoredChoice(EFFORT_STORAGE_KEY);
  const effort = parseEffort(storedEffort);
  const [place, setPlace] = useState<Place>(() => ({
    workspaceId: null,
    repository: "",
    branch: "",
    templateId: templates.length > 1 ? templates[0]?.id : undefined,
  }));
  const [isPlanning, setPlanning] = useState(false);
  const [recent, addRecent] = useRecentRepositories();
  const model = chooseModel({ models, picked, ofChat: null, remembered });

  const composer = useComposer({
    draftName: "new",
    sentTexts: [],
    onSend: async (content) => {
      const chat = await chatsClient.create(
        {
          content,
          model_config_id: model?.id,
          reasoning_effort: toEffort(effort),
          plan_mode: isPlanning || undefined,
          ...toPlaceRequest(place),
        },
        { idempotencyKey: createIdempotencyKey() },
      );
      if (place.workspaceId === null && place.repository) addRecent(place.repository);
      router.push(`/agents/${chat.id}${window.location.search}`);
    },
  });

  return (
    <div className="mx-auto flex w-full max-w-170 flex-1 flex-col justify-center px-6 py-10 max-sm:px-3 max-sm:pt-5 max-sm:pb-4 sm:pb-32">
      <h1 className="mb-5 font-semibold text-3xl tracking-tight max-sm:mb-3 max-sm:text-2xl">
        What should the agent do?
      </h1>
      {model ? null : (
        <div className="mb-3">
          <NoModelCallout models={models} isAdmin={isAdmin} />
        </div>
      )}
      <PlacePickers
        place={place}
        onChange={setPlace}
        workspaces={workspaces}
        templates={templates}
        recentRepositories={recent}
      />
      {composer.error ? (
        <Callout
          tone="danger"
          title="The agent did not start"
          className="mb-2"
          action={
            <Button size="sm" variant="ghost" onClick={composer.clearError}>
              Dismiss
            </Button>
          }
        >
          {composer.error} Your text is kept.
        </Callout>
      ) : null}
      <ComposerField
        field={composer.field}
        text={composer.text}
        onChange={composer.change}
        onSubmit={() => model && void composer.send()}
        onFiles={composer.files.add}
        onPasteText={composer.files.pasteText}
        attachments={<AttachmentList attachments={composer.files.attachments} onRemove={composer.files.remove} />}
        label="Task for the agent"
        placeholder="Describe the task. The agent works in a sandbox of its own; close the tab any time."
        minHeightClass="min-h-32 max-sm:min-h-24"
        autoFocus
      >
        <ComposerAdd
          onFiles={composer.files.add}
          isPlanning={isPlanning}
          onPlanning={setPlanning}
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
        {isPlanning ? <PlanBadge onLeave={() => setPlanning(false)} /> : null}
        <span className="flex-1" />
        <span className="mr-1 max-sm:hidden">
          <Kbd>↵</Kbd>
        </span>
        <SendButton
          label="Start agent"
          isDisabled={!composer.canSend || !model}
          isBusy={composer.isSending}
          onSend={() => void composer.send()}
        />
      </ComposerField>
      <p className="mt-3 px-0.5 text-ink-3 text-sm">{describePlace(place)}</p>
    </div>
  );
}

function describePlace({ workspaceId, repository }: Place): string {
  if (workspaceId !== null) return "The agent works on the files that this workspace has, beside whoever else uses it.";
  if (repository === "") return "A new workspace starts from its template. Name a repository to have it cloned.";
  return "A new workspace starts from the template and clones the repository. The agent never sees a key.";
}
