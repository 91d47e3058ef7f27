"use client";

import { useState } from "react";
import { modelsClient } from "@/lib/contract/client";
import type { Provider, ProviderSettings, ProviderTest, SupportedProviderType } from "@/lib/contract/models";
import { PROVIDER_FACTS } from "@/lib/contract/provider-types";

export type ProviderFields = {
  type: SupportedProviderType;
  displayName: string;
  baseUrl: string;
  api: NonNullable<ProviderSettings["api"]>;
  region: string;
  apiKey: string;
  /** To ask when the provider has no model of its own yet. */
  model: string;
};

/** Only what the type has; what is as usual is left out. */
export function toSettings({ type, api, region }: Pick<ProviderFields, "type" | "api" | "region">): ProviderSettings {
  const own = PROVIDER_FACTS[type].settings;
  return {
    ...(own.includes("api") && api === "chat" && { api }),
    ...(own.includes("region") && region.trim() && { region: region.trim() }),
  };
}

export type ProviderOutcome =
  | { kind: "none" }
  | { kind: "busy" }
  | { kind: "works"; latencyMs: number | undefined }
  | { kind: "refused"; test: ProviderTest }
  | { kind: "failed"; error: unknown };

/**
 * Saving and testing one provider. The test asks the provider with the stored key, so it saves first; what was saved is
 * changed by the next try instead of being added again, or replaced when that is of another type.
 */
export function useProviderForm(existing: Provider | null) {
  const [saved, setSaved] = useState<Provider | null>(existing);
  const [outcome, setOutcome] = useState<ProviderOutcome>({ kind: "none" });

  async function save(fields: ProviderFields): Promise<Provider> {
    // Another type is another provider: the one that was tried before goes.
    const kept = saved?.provider === fields.type ? saved : null;
    if (saved && !kept) {
      await modelsClient.deleteProvider(saved.id);
      setSaved(null);
    }
    const address = { display_name: fields.displayName.trim() || undefined, base_url: fields.baseUrl.trim() || null };
    // Empty means unchanged: the key that is stored is never shown.
    const key = fields.apiKey ? { api_key: fields.apiKey } : {};
    const settings = toSettings(fields);
    const changes = kept?.source === "environment" ? { settings } : { ...address, ...key, settings };
    const provider = kept
      ? await modelsClient.patchProvider(kept.id, changes)
      : await modelsClient.createProvider({ provider: fields.type, ...changes });
    setSaved(provider);
    return provider;
  }

  /** The saved provider when it also answered; null otherwise, and the outcome says why. */
  async function saveAndTest(fields: ProviderFields): Promise<Provider | null> {
    setOutcome({ kind: "busy" });
    try {
      const provider = await save(fields);
      const test = await modelsClient.testProvider(provider.id, { model: fields.model.trim() || undefined });
      setOutcome(test.ok ? { kind: "works", latencyMs: test.latency_ms } : { kind: "refused", test });
      return test.ok ? provider : null;
    } catch (error) {
      setOutcome({ kind: "failed", error });
      return null;
    }
  }

  return { saved, outcome, saveAndTest };
}
