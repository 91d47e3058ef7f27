/** The maintained price list as it is offered to whoever adds a model. Changes nothing that is configured. */
import type { Executor } from "@/db/client";
import { findProviderRow } from "@/db/queries/providers";
import { notFound } from "@/lib/contract/errors";
import type { KnownModel, SupportedProviderType } from "@/lib/contract/models";
import { KNOWN_MODELS, PRESET_MODELS, type PresetModel } from "./presets";

type Lists = Partial<Record<SupportedProviderType, readonly PresetModel[]>>;

/** All types, the presets first in each. */
export const knownModels: Partial<Record<SupportedProviderType, readonly KnownModel[]>> = Object.fromEntries(
  Object.entries(KNOWN_MODELS).map(([type, models]) => {
    const presets = (PRESET_MODELS as Lists)[type as SupportedProviderType] ?? [];
    return [type, [...presets, ...models.filter((model) => !presets.includes(model))].map(toKnownModel)];
  }),
);

/** The few that a new provider starts with. */
export const presetModels: Partial<Record<SupportedProviderType, readonly KnownModel[]>> = Object.fromEntries(
  Object.entries(PRESET_MODELS).map(([type, models]) => [type, models.map(toKnownModel)]),
);

/** Empty for a type without a list of its own. @throws ApiError `not_found` */
export async function listKnownModels(db: Executor, options: { providerId: string }): Promise<KnownModel[]> {
  const row = await findProviderRow(db, options);
  if (!row) throw notFound();
  return [...(knownModels[row.provider] ?? [])];
}

function toKnownModel({ model, displayName, contextLimit, pricing }: PresetModel): KnownModel {
  return { model, display_name: displayName, context_limit: contextLimit, pricing };
}
