"use client";

import { type FormEvent, useEffect, useState } from "react";
import { errorText, modelsClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { formatCount } from "@/lib/format";
import type { Suggestions } from "../../auth/provider-step";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { PanelSection, SidePanel } from "../../ui/side-panel";
import { IdentityFields, LimitFields, OptionSection, PriceSection, Suggested } from "./model-fields";
import { isSameModel, type ModelFields, offeredModels, toBody, toFields, toPriced } from "./model-form";

type ModelPanelProps = {
  /** Null: a new one. */
  config: ModelConfig | null;
  providerId: string;
  /** The identifier that a new one starts with. */
  newModel?: string | undefined;
  providers: readonly Provider[];
  suggestions: Suggestions;
  onDirty: (isDirty: boolean) => void;
  onSaved: () => void;
  /** Asks first when something is typed. */
  onClose: () => void;
  onRemove: (config: ModelConfig) => void;
};

/** One model beside the table. */
export function ModelPanel(props: ModelPanelProps) {
  const { config, onClose, onDirty } = props;
  const [stored, setStored] = useState(() => toFields(config, props));
  const [fields, setFields] = useState(stored);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isDirty = !isSameModel(fields, stored);
  useEffect(() => {
    onDirty(isDirty);
    return () => onDirty(false);
  }, [isDirty, onDirty]);
  const change = (changed: Partial<ModelFields>) => setFields((current) => ({ ...current, ...changed }));
  const provider = props.providers.find((each) => each.id === fields.providerId);
  const known = props.suggestions[provider?.provider as keyof Suggestions] ?? [];
  const listed = known.find((model) => model.model === fields.model.trim());
  const hasFieldErrors = error instanceof ApiError && error.validations.length > 0;

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const body = toBody(fields, config?.options);
      await (config
        ? modelsClient.patchConfig(config.id, body)
        : modelsClient.createConfig({ provider_id: fields.providerId, ...body }));
      setStored(fields);
      props.onSaved();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <SidePanel
      title={config?.display_name ?? "Add model"}
      onClose={onClose}
      onSubmit={(event) => void save(event)}
      foot={
        <>
          {config ? (
            <Button variant="ghost-danger" className="-ml-2.5" onClick={() => props.onRemove(config)}>
              Remove model
            </Button>
          ) : null}
          <Button className="ml-auto" onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isBusy} disabled={config ? !isDirty : !fields.model.trim()}>
            {config ? "Save" : "Add model"}
          </Button>
        </>
      }
    >
      <PanelSection>
        {error && !hasFieldErrors ? (
          <Callout tone="danger" title="Not saved">
            {errorText(error)}
          </Callout>
        ) : null}
        <IdentityFields {...{ config, fields, change, error, providers: props.providers }} />
        {config === null && known.length > 0 ? (
          <Suggested
            models={offeredModels(known, fields.model)}
            onChoose={(name) => {
              const model = known.find((each) => each.model === name);
              if (!model) return;
              change({
                model: model.model,
                displayName: model.display_name,
                contextLimit: formatCount(model.context_limit),
                ...toPriced(model.pricing),
              });
            }}
          />
        ) : null}
        <LimitFields fields={fields} change={change} error={error} />
      </PanelSection>
      <PriceSection fields={fields} change={change} error={error} list={listed && toPriced(listed.pricing)} />
      <OptionSection fields={fields} change={change} error={error} />
    </SidePanel>
  );
}
