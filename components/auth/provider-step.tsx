"use client";

import clsx from "clsx";
import { RadioGroup } from "radix-ui";
import { useState } from "react";
import { errorText, modelsClient } from "@/lib/contract/client";
import {
  type KnownModel,
  type Provider,
  SUPPORTED_PROVIDER_TYPES,
  type SupportedProviderType,
} from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";
import { ProviderFieldset } from "../admin/models/provider-fields";
import { type ProviderFields, useProviderForm } from "../admin/models/use-provider-form";
import { Button } from "../ui/button";
import { toast } from "../ui/toast";
import { StepForm } from "./step-form";

/** The models of the price list, for each provider type that has one. */
export type Suggestions = Partial<Record<SupportedProviderType, readonly KnownModel[]>>;

/** The first provider, tested with a real call, and its models. */
export function ProviderStep({ suggestions }: { suggestions: Suggestions }) {
  const form = useProviderForm(null);
  const [fields, setFields] = useState<ProviderFields>({
    type: "anthropic",
    displayName: "",
    baseUrl: "",
    api: "responses",
    region: "",
    apiKey: "",
    model: suggestions.anthropic?.[0]?.model ?? "",
  });
  const [isFinishing, setFinishing] = useState(false);
  const change = (changed: Partial<ProviderFields>) => setFields((current) => ({ ...current, ...changed }));
  const isBusy = form.outcome.kind === "busy" || isFinishing;

  async function finish() {
    if (isBusy) return;
    const provider = await form.saveAndTest(fields);
    if (!provider) return;
    setFinishing(true);
    try {
      await addModels(provider, fields.model.trim(), suggestions[fields.type] ?? []);
      window.location.assign("/agents");
    } catch (error) {
      setFinishing(false);
      toast.error(errorText(error));
    }
  }

  return (
    <StepForm
      title="Model provider"
      hint="The key is encrypted and stays on the server. Agents never see it."
      onSubmit={() => void finish()}
      acts={
        <>
          <Button variant="ghost" size="lg" disabled={isBusy} onClick={() => window.location.assign("/agents")}>
            Skip for now
          </Button>
          <Button type="submit" variant="primary" size="lg" busy={isBusy}>
            Test and continue
          </Button>
        </>
      }
    >
      <RadioGroup.Root
        aria-label="Provider"
        value={fields.type}
        onValueChange={(value) => {
          const type = value as SupportedProviderType;
          change({ type, model: suggestions[type]?.[0]?.model ?? "", baseUrl: "" });
        }}
        className="grid gap-2 sm:grid-cols-2"
      >
        {SUPPORTED_PROVIDER_TYPES.map((type) => (
          <ProviderOption key={type} type={type} isChosen={fields.type === type} />
        ))}
      </RadioGroup.Root>
      <ProviderFieldset
        fields={fields}
        onChange={change}
        outcome={form.outcome}
        saved={form.saved}
        withName={false}
        withModel
      />
    </StepForm>
  );
}

function ProviderOption({ type, isChosen }: { type: SupportedProviderType; isChosen: boolean }) {
  return (
    <RadioGroup.Item
      value={type}
      className={clsx(
        "flex min-h-9 items-center gap-2.5 rounded-sm border px-3 py-2 text-left font-medium",
        isChosen ? "border-accent-solid bg-accent-bg" : "border-line-2 hover:bg-hover",
      )}
    >
      <span
        aria-hidden
        className={clsx(
          "size-3.5 rounded-full",
          isChosen ? "border-4 border-accent-solid bg-on-accent" : "border-[1.5px] border-line-strong",
        )}
      />
      {PROVIDER_FACTS[type].label}
    </RadioGroup.Item>
  );
}

/** The model that was asked becomes the default; the other ones of the price list come along. */
async function addModels(provider: Provider, asked: string, known: readonly KnownModel[]): Promise<void> {
  const first: KnownModel | { model: string } = known.find((model) => model.model === asked) ?? { model: asked };
  const others = known.filter((model) => model.model !== asked);
  for (const [index, model] of [first, ...others].entries()) {
    await modelsClient.createConfig({ provider_id: provider.id, ...model, ...(index === 0 && { is_default: true }) });
  }
}
