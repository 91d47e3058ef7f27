"use client";

import { Plus, Trash2 } from "lucide-react";
import { fieldError } from "@/lib/contract/client";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { IconButton } from "../../ui/icon-button";
import { Input } from "../../ui/input";
import { NO_TIER, PRICE_LABELS, PRICE_NAMES, priceField, type TierFields } from "./model-form";

/** As many as the server takes. */
const MAX_TIERS = 8;

type TierListProps = {
  tiers: readonly TierFields[];
  onChange: (tiers: TierFields[]) => void;
  error: unknown;
};

/** Prices that hold for the whole call when its prompt is long. */
export function TierList({ tiers, onChange, error }: TierListProps) {
  const replace = (index: number, tier: TierFields) => onChange(tiers.map((each, i) => (i === index ? tier : each)));
  return (
    <div className="grid gap-4">
      <div className="flex items-center justify-between gap-2">
        <h4 className="font-medium text-ink">Long prompts</h4>
        <Button
          size="sm"
          variant="ghost"
          disabled={tiers.length >= MAX_TIERS}
          icon={<Plus aria-hidden />}
          onClick={() => onChange([...tiers, NO_TIER])}
        >
          Add prices
        </Button>
      </div>
      {fieldError(error, "pricing.tiers") ? (
        <p role="alert" className="-mt-2 text-danger text-sm">
          {fieldError(error, "pricing.tiers")}
        </p>
      ) : null}
      {tiers.map((tier, index) => (
        <Tier
          // biome-ignore lint/suspicious/noArrayIndexKey: tiers have no other identity while they are typed
          key={index}
          {...{ tier, index, error }}
          onChange={(changed) => replace(index, changed)}
          onRemove={() => onChange(tiers.filter((_, i) => i !== index))}
        />
      ))}
    </div>
  );
}

type TierProps = {
  tier: TierFields;
  index: number;
  error: unknown;
  onChange: (tier: TierFields) => void;
  onRemove: () => void;
};

function Tier({ tier, index, error, onChange, onRemove }: TierProps) {
  const name = `Long prompts ${index + 1}`;
  return (
    <fieldset aria-label={name} className="grid grid-cols-2 gap-x-3 gap-y-4 rounded-md border border-line p-3">
      <Field label="Above" error={fieldError(error, `pricing.tiers.${index}.above_tokens`)}>
        <Input
          inputMode="numeric"
          required
          suffix="tokens"
          placeholder="200,000"
          value={tier.aboveTokens}
          onChange={(event) => onChange({ ...tier, aboveTokens: event.target.value })}
        />
      </Field>
      <IconButton icon={Trash2} label={`Remove ${name.toLowerCase()}`} onClick={onRemove} className="ml-auto" />
      {PRICE_NAMES.map((price) => (
        <Field
          key={price}
          label={PRICE_LABELS[price]}
          error={fieldError(error, `pricing.tiers.${index}.${priceField(price)}`)}
        >
          <Input
            inputMode="decimal"
            prefix="$"
            value={tier.prices[price]}
            onChange={(event) => onChange({ ...tier, prices: { ...tier.prices, [price]: event.target.value } })}
          />
        </Field>
      ))}
    </fieldset>
  );
}
