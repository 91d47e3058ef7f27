"use client";

import { Check, X } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useState } from "react";
import { errorText, fieldError, modelsClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { formatCount, formatPrice } from "@/lib/format";
import type { Suggestions } from "../../auth/provider-step";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Field } from "../../ui/field";
import { IconButton } from "../../ui/icon-button";
import { Input } from "../../ui/input";
import { Select } from "../../ui/select";
import {
  type Effort,
  type ModelFields,
  matchesPriceList,
  PRICE_NAMES,
  type PriceName,
  priceField,
  toBody,
  toFields,
  toPrices,
} from "./model-form";

type ModelPanelProps = {
  /** Null: a new one. */
  config: ModelConfig | null;
  providerId: string;
  providers: readonly Provider[];
  suggestions: Suggestions;
  onSaved: () => void;
  onClose: () => void;
  onRemove: (config: ModelConfig) => void;
};

/** One model beside the table; it covers a small screen. */
export function ModelPanel(props: ModelPanelProps) {
  const { config, onClose } = props;
  const titleId = useId();
  const [fields, setFields] = useState(() => toFields(config, props.providerId));
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
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
      const body = toBody(fields, config?.options ?? {});
      await (config
        ? modelsClient.patchConfig(config.id, body)
        : modelsClient.createConfig({ provider_id: fields.providerId, ...body }));
      props.onSaved();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <aside
      aria-labelledby={titleId}
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
      className="flex flex-col bg-page max-lg:fixed max-lg:inset-0 max-lg:z-30 lg:w-100 lg:shrink-0 lg:animate-appear lg:border-line lg:border-l"
    >
      <div className="flex h-(--bar) shrink-0 items-center gap-2 border-line border-b pr-2 pl-5">
        <h2 id={titleId} className="min-w-0 flex-1 truncate font-semibold text-lg">
          {config?.display_name ?? "Add model"}
        </h2>
        <IconButton icon={X} label="Close" onClick={onClose} />
      </div>
      <form onSubmit={(event) => void save(event)} className="flex min-h-0 flex-1 flex-col">
        <div className="min-h-0 flex-1 overflow-y-auto">
          <PanelSection>
            {error && !hasFieldErrors ? (
              <Callout tone="danger" title="Not saved">
                {errorText(error)}
              </Callout>
            ) : null}
            <IdentityFields {...{ config, fields, change, error, providers: props.providers }} />
            {config === null && known.length > 0 ? (
              <Suggested
                models={known.map((model) => model.model)}
                onChoose={(name) => {
                  const model = known.find((each) => each.model === name);
                  if (!model) return;
                  change({
                    model: model.model,
                    displayName: model.display_name,
                    contextLimit: formatCount(model.context_limit),
                    prices: toPrices(model.pricing),
                  });
                }}
              />
            ) : null}
            <LimitFields fields={fields} change={change} error={error} />
          </PanelSection>
          <PriceSection fields={fields} change={change} error={error} list={listed && toPrices(listed.pricing)} />
          <PanelSection>
            <Field label="Default reasoning effort" error={fieldError(error, "options.reasoning_effort")}>
              <Select
                value={fields.effort || "default"}
                onValueChange={(value) => change({ effort: value === "default" ? "" : (value as Effort) })}
                options={EFFORTS}
              />
            </Field>
          </PanelSection>
        </div>
        <div className="flex min-h-14 shrink-0 items-center gap-2 border-line border-t px-5 pb-[env(safe-area-inset-bottom)]">
          {config ? (
            <Button variant="ghost-danger" className="-ml-2.5" onClick={() => props.onRemove(config)}>
              Remove model
            </Button>
          ) : null}
          <Button className="ml-auto" onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button type="submit" variant="primary" busy={isBusy}>
            {config ? "Save" : "Add model"}
          </Button>
        </div>
      </form>
    </aside>
  );
}

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

const PRICE_LABELS = {
  input: "Input",
  output: "Output",
  cache_read: "Cache Read",
  cache_write: "Cache Write",
} satisfies Record<PriceName, string>;

function PanelSection({ children }: { children: ReactNode }) {
  return <div className="grid gap-4 border-line border-b p-5 last:border-b-0">{children}</div>;
}

type FieldsProps = { fields: ModelFields; change: (changed: Partial<ModelFields>) => void; error: unknown };

function IdentityFields(props: FieldsProps & { config: ModelConfig | null; providers: readonly Provider[] }) {
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

function Suggested({ models, onChoose }: { models: readonly string[]; onChoose: (model: string) => void }) {
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

function LimitFields({ fields, change, error }: FieldsProps) {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Context" error={fieldError(error, "context_limit")}>
        <Input
          inputMode="numeric"
          required
          value={fields.contextLimit}
          suffix="tokens"
          onChange={(event) => change({ contextLimit: event.target.value })}
        />
      </Field>
      <Field label="Compact at" error={fieldError(error, "compression_threshold")}>
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

function PriceSection({ fields, change, error, list }: FieldsProps & { list: Record<PriceName, string> | undefined }) {
  const matches = list && matchesPriceList(fields.prices, list);
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
            <Button size="sm" variant="ghost" onClick={() => change({ prices: list })}>
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
            hint={list?.[name] ? `List: $${formatPrice(list[name])}` : undefined}
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
    </PanelSection>
  );
}
