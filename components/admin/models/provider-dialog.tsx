"use client";

import { type FormEvent, useId, useState } from "react";
import { type Provider, SUPPORTED_PROVIDER_TYPES, type SupportedProviderType } from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Select } from "../../ui/select";
import { toast } from "../../ui/toast";
import { ProviderFieldset } from "./provider-fields";
import { type ProviderFields, useProviderForm } from "./use-provider-form";

type ProviderDialogProps = {
  /** Null: a new one. */
  provider: Provider | null;
  /** A provider with models is tested with its first. */
  hasModels: boolean;
  /** Also when it then does not answer. */
  onSaved: () => Promise<unknown>;
  /** A new one answered, asked for this model when one was named. */
  onWorks: (provider: Provider, model: string) => void;
  onClose: () => void;
};

/** The server knows a model of these to ask; of the others a person names one. */
const TYPES_WITH_PRESETS: ReadonlySet<SupportedProviderType> = new Set(["anthropic", "openai", "google"]);

/** Adds or changes a provider, and asks it for one word to see whether it works. */
export function ProviderDialog({ provider, hasModels, onSaved, onWorks, onClose }: ProviderDialogProps) {
  const formId = useId();
  const form = useProviderForm(provider);
  const [fields, setFields] = useState<ProviderFields>({
    type: provider?.provider ?? "anthropic",
    displayName: provider?.display_name ?? "",
    baseUrl: provider?.base_url ?? "",
    api: provider?.settings.api ?? "responses",
    region: provider?.settings.region ?? "",
    apiKey: "",
    model: "",
  });
  const isBusy = form.outcome.kind === "busy";
  const isSaved = form.saved !== null && provider === null;

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    const tested = await form.saveAndTest(fields);
    await onSaved();
    if (!tested) return;
    onClose();
    if (provider) toast.show(`${tested.display_name} works`);
    else onWorks(tested, fields.model.trim());
  }

  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title={provider ? `Edit ${provider.display_name}` : "Add provider"}
      description="The key is encrypted and stays on the server. Agents never see it."
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            {isSaved ? "Keep as it is" : "Cancel"}
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isBusy}>
            Save and test
          </Button>
        </>
      }
    >
      <form id={formId} method="post" onSubmit={(event) => void submit(event)} className="grid gap-4">
        {provider ? null : (
          <Field label="Type">
            <Select
              value={fields.type}
              onValueChange={(type) => setFields({ ...fields, type: type as SupportedProviderType })}
              options={SUPPORTED_PROVIDER_TYPES.map((type) => ({ value: type, label: PROVIDER_FACTS[type].label }))}
            />
          </Field>
        )}
        <ProviderFieldset
          fields={fields}
          onChange={(change) => setFields((current) => ({ ...current, ...change }))}
          outcome={form.outcome}
          saved={form.saved}
          withName
          withModel={!TYPES_WITH_PRESETS.has(fields.type) && !hasModels}
        />
      </form>
    </Dialog>
  );
}
