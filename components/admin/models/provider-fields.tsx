"use client";

import { errorText, fieldError } from "@/lib/contract/client";
import type { Provider, ProviderSettings } from "@/lib/contract/models";
import { PROVIDER_FACTS, type ProviderTypeFacts } from "@/lib/contract/provider-types";
import { Callout } from "../../ui/callout";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { Select } from "../../ui/select";
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
  const facts = PROVIDER_FACTS[fields.type];
  const error = outcome.kind === "failed" ? outcome.error : null;
  const isPreset = saved?.source === "environment";
  return (
    <>
      {withName ? (
        <Field
          label="Name"
          hint={fields.type === "openai-compat" ? "Empty: the host of its address." : "Empty: the provider's own."}
          error={fieldError(error, "display_name")}
        >
          <Input
            value={fields.displayName}
            placeholder={facts.label}
            onChange={(event) => onChange({ displayName: event.target.value })}
          />
        </Field>
      ) : null}
      <Field label="Base URL" hint={addressHint(facts)} error={fieldError(error, "base_url")}>
        <Input
          mono
          type="url"
          inputMode="url"
          spellCheck={false}
          disabled={isPreset}
          required={facts.defaultBaseUrl === null}
          value={fields.baseUrl}
          placeholder={facts.exampleBaseUrl}
          onChange={(event) => onChange({ baseUrl: event.target.value })}
        />
      </Field>
      {facts.settings.map((name) => (
        <SettingField key={name} name={name} fields={fields} onChange={onChange} error={error} />
      ))}
      <Field label="API key" hint={keyHint(saved, facts)} error={fieldError(error, "api_key")}>
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
          hint={`${facts.modelHint ?? "Its identifier at the provider."} Asked for one word to test the connection.`}
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

type SettingFieldProps = Pick<ProviderFieldsetProps, "fields" | "onChange"> & {
  name: keyof ProviderSettings;
  error: unknown;
};

/** What only some types have. */
function SettingField({ name, fields, onChange, error }: SettingFieldProps) {
  if (name === "region") {
    return (
      <Field label="Region" hint="Empty: the one in the base URL." error={fieldError(error, "settings.region")}>
        <Input
          mono
          spellCheck={false}
          autoCapitalize="none"
          required={!fields.baseUrl}
          value={fields.region}
          placeholder="eu-central-1"
          onChange={(event) => onChange({ region: event.target.value })}
        />
      </Field>
    );
  }
  return (
    <Field
      label="API"
      hint="Chat Completions is for gateways without Responses."
      error={fieldError(error, "settings.api")}
    >
      <Select
        value={fields.api}
        onValueChange={(api) => onChange({ api: api as ProviderFields["api"] })}
        options={[
          { value: "responses", label: "Responses" },
          { value: "chat", label: "Chat Completions" },
        ]}
      />
    </Field>
  );
}

function addressHint({ defaultBaseUrl, defaultPath }: ProviderTypeFacts): string {
  if (defaultBaseUrl === "") return "Empty: the one of the region.";
  if (defaultBaseUrl !== null) return "Empty: the provider's own address.";
  return `Without a path, ${defaultPath} is added.`;
}

function keyHint(saved: Provider | null, { needsKey, keyHint: ownHint }: ProviderTypeFacts): string {
  if (saved?.source === "environment") return "Set by an environment variable.";
  if (saved?.has_api_key) {
    return saved.api_key_hint ? `Ends in ${saved.api_key_hint}. Empty: it stays.` : "A key is stored. Empty: it stays.";
  }
  if (ownHint) return ownHint;
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
