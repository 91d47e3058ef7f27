"use client";

import { Check } from "lucide-react";
import { fieldError } from "@/lib/contract/client";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { formatPrice } from "@/lib/format";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { Select } from "../../ui/select";
import { PanelSection } from "../../ui/side-panel";
import {
  type Effort,
  type ModelFields,
  matchesPriceList,
  PRICE_LABELS,
  PRICE_NAMES,
  type Priced,
  priceField,
} from "./model-form";
import { TierList } from "./tier-fields";

const EFFORTS = [
  { value: "default", label: "The model's own" },
  { value: "none", label: "None" },
  { value: "minimal", label: "Minimal" },
  { value: "low", label: "Low" },
  { value: "medium", label: "Medium" },
  { value: "high", label: "High" },
  { value: "xhigh", label: "Extra high" },
  { value: "max", label: "Max" },
];

export type FieldsProps = { fields: ModelFields; change: (changed: Partial<ModelFields>) => void; error: unknown };

/** What it is called, here and by its provider. */
export function IdentityFields(props: FieldsProps & { config: ModelConfig | null; providers: readonly Provider[] }) {
  const { config, fields, change, error, providers } = props;
  return (
    <>
      {config ? null : (
        <Field label="Provider" error={fieldError(error, "provider_id")}>
          <Select
            value={fields.providerId}
            onValueChange={(providerId) => change({ providerId })}
            options={providers.map((each) => ({ value: each.id, label: each.display_name }))}
          />
        </Field>
      )}
      <Field label="Display name" error={fieldError(error, "display_name")}>
        <Input
          value={fields.displayName}
          placeholder={fields.model || undefined}
          onChange={(event) => change({ displayName: event.target.value })}
        />
      </Field>
      <Field label="Identifier" hint="What the provider calls it." error={fieldError(error, "model")}>
        <Input
          mono
          required
          spellCheck={false}
          autoCapitalize="none"
          value={fields.model}
          onChange={(event) => change({ model: event.target.value })}
        />
      </Field>
    </>
  );
}

/** Models of the price list; a press fills the fields. */
export function Suggested({ models, onChoose }: { models: readonly string[]; onChoose: (model: string) => void }) {
  return (
    <div className="-mt-2 flex flex-wrap gap-1.5">
      {models.map((model) => (
        <Button key={model} size="sm" onClick={() => onChoose(model)}>
          <code>{model}</code>
        </Button>
      ))}
    </div>
  );
}

/** How much fits in, and when the chat is compacted. */
export function LimitFields({ fields, change, error }: FieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-x-3 gap-y-4">
      <Field label="Context" error={fieldError(error, "context_limit")}>
        <Input
          inputMode="numeric"
          required
          value={fields.contextLimit}
          suffix="tokens"
          onChange={(event) => change({ contextLimit: event.target.value })}
        />
      </Field>
      <Field label="Compact at" hint="100: never." error={fieldError(error, "compression_threshold")}>
        <Input
          inputMode="numeric"
          value={fields.compressionThreshold}
          placeholder="70"
          suffix="%"
          onChange={(event) => change({ compressionThreshold: event.target.value })}
        />
      </Field>
    </div>
  );
}

/** Prices as exact decimals, beside those of the price list. */
export function PriceSection({ fields, change, error, list }: FieldsProps & { list: Priced | undefined }) {
  const matches = list && matchesPriceList(fields, list);
  return (
    <PanelSection>
      <div>
        <div className="flex items-center justify-between gap-2">
          <h3 className="font-semibold text-md">Price per million tokens</h3>
          {matches ? (
            <span className="flex items-center gap-1.5 text-sm text-success">
              <Check aria-hidden className="size-3.5" />
              Matches the price list
            </span>
          ) : null}
          {list && !matches ? (
            <Button size="sm" variant="ghost" onClick={() => change(list)}>
              Use the price list
            </Button>
          ) : null}
        </div>
        <p className="mt-1 text-ink-3 text-sm">
          Empty means unpriced. 0 means free. A change applies to calls from now on.
        </p>
      </div>
      <div className="grid grid-cols-2 gap-x-3 gap-y-4">
        {PRICE_NAMES.map((name) => (
          <Field
            key={name}
            label={PRICE_LABELS[name]}
            hint={list?.prices[name] ? `List: $${formatPrice(list.prices[name])}` : undefined}
            error={fieldError(error, `pricing.${priceField(name)}`)}
          >
            <Input
              inputMode="decimal"
              prefix="$"
              value={fields.prices[name]}
              onChange={(event) => change({ prices: { ...fields.prices, [name]: event.target.value } })}
            />
          </Field>
        ))}
      </div>
      <TierList tiers={fields.tiers} onChange={(tiers) => change({ tiers })} error={error} />
    </PanelSection>
  );
}

/** What every request to it says. */
export function OptionSection({ fields, change, error }: FieldsProps) {
  return (
    <PanelSection title="Options">
      <div className="grid grid-cols-2 gap-x-3 gap-y-4">
        <Field label="Longest answer" error={fieldError(error, "options.max_output_tokens")}>
          <Input
            inputMode="numeric"
            suffix="tokens"
            placeholder="32,000"
            value={fields.maxOutputTokens}
            onChange={(event) => change({ maxOutputTokens: event.target.value })}
          />
        </Field>
        <Field label="Temperature" error={fieldError(error, "options.temperature")}>
          <Input
            inputMode="decimal"
            placeholder="The model's own"
            value={fields.temperature}
            onChange={(event) => change({ temperature: event.target.value })}
          />
        </Field>
      </div>
      <Field
        label="Default reasoning effort"
        hint="A message may ask for another."
        error={fieldError(error, "options.reasoning_effort")}
      >
        <Select
          value={fields.effort || "default"}
          onValueChange={(value) => change({ effort: value === "default" ? "" : (value as Effort) })}
          options={EFFORTS}
        />
      </Field>
    </PanelSection>
  );
}
