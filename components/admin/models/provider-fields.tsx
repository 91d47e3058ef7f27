"use client";

import { errorText, fieldError } from "@/lib/contract/client";
import type { Provider } from "@/lib/contract/models";
import { Callout } from "../../ui/callout";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { OFFERED_PROVIDERS } from "./provider-types";
import type { ProviderFields, ProviderOutcome } from "./use-provider-form";

type ProviderFieldsetProps = {
  fields: ProviderFields;
  onChange: (change: Partial<ProviderFields>) => void;
  outcome: ProviderOutcome;
  /** What is stored, when it is. */
  saved: Provider | null;
  withName: boolean;
  withModel: boolean;
};

/** Address, key and the model to ask; what the provider answered stands under them in its own words. */
export function ProviderFieldset({ fields, onChange, outcome, saved, withName, withModel }: ProviderFieldsetProps) {
  const facts = OFFERED_PROVIDERS[fields.type];
  const error = outcome.kind === "failed" ? outcome.error : null;
  const isPreset = saved?.source === "environment";
  return (
    <>
      {withName ? (
        <Field label="Name" hint="Empty: the provider's own." error={fieldError(error, "display_name")}>
          <Input
            value={fields.displayName}
            placeholder={facts.label}
            onChange={(event) => onChange({ displayName: event.target.value })}
          />
        </Field>
      ) : null}
      <Field
        label="Base URL"
        hint={facts.defaultBaseUrl ? "Empty: the provider's own address." : "With the version path, for example …/v1."}
        error={fieldError(error, "base_url")}
      >
        <Input
          mono
          type="url"
          inputMode="url"
          spellCheck={false}
          disabled={isPreset}
          required={!facts.defaultBaseUrl}
          value={fields.baseUrl}
          placeholder={facts.defaultBaseUrl ?? "http://127.0.0.1:11434/v1"}
          onChange={(event) => onChange({ baseUrl: event.target.value })}
        />
      </Field>
      <Field label="API key" hint={keyHint(saved, facts.needsKey)} error={fieldError(error, "api_key")}>
        <Input
          mono
          type="password"
          autoComplete="off"
          spellCheck={false}
          disabled={isPreset}
          required={facts.needsKey && !saved?.has_api_key}
          value={fields.apiKey}
          onChange={(event) => onChange({ apiKey: event.target.value })}
        />
      </Field>
      {withModel ? (
        <Field
          label="Model"
          hint="Its identifier at the provider. Asked for one word to test the connection."
          error={fieldError(error, "model")}
        >
          <Input
            mono
            required
            spellCheck={false}
            autoCapitalize="none"
            value={fields.model}
            onChange={(event) => onChange({ model: event.target.value })}
          />
        </Field>
      ) : null}
      <ProviderOutcomeNote outcome={outcome} />
    </>
  );
}

function keyHint(saved: Provider | null, needsKey: boolean): string {
  if (saved?.source === "environment") return "Set by an environment variable.";
  if (saved?.has_api_key) {
    return saved.api_key_hint ? `Ends in ${saved.api_key_hint}. Empty: it stays.` : "A key is stored. Empty: it stays.";
  }
  return needsKey ? "Encrypted on the server. Agents never see it." : "Empty when the server asks for none.";
}

/** The last answer of the provider. */
export function ProviderOutcomeNote({ outcome }: { outcome: ProviderOutcome }) {
  switch (outcome.kind) {
    case "works":
      return (
        <Callout tone="success" title="Key works">
          {outcome.latencyMs === undefined ? "Answered." : `Answered in ${(outcome.latencyMs / 1_000).toFixed(1)} s.`}
        </Callout>
      );
    case "refused": {
      const { error, status_code: status } = outcome.test;
      return (
        <Callout tone="danger" title={status ? `The provider answered ${status}` : "The provider did not answer"}>
          {error ?? "It gave no reason."}
        </Callout>
      );
    }
    case "failed":
      return (
        <Callout tone="danger" title="Not saved">
          {errorText(outcome.error)}
        </Callout>
      );
    default:
      return null;
  }
}
