import type { Suggestions } from "@/components/auth/provider-step";
import { PRESET_MODELS, type PresetModel } from "@/lib/models/presets";

const toSuggestion = ({ model, displayName, contextLimit, pricing }: PresetModel) => ({
  model,
  display_name: displayName,
  context_limit: contextLimit,
  pricing,
});

/** The maintained price list, as the forms that add a model use it. */
export const suggestedModels: Suggestions = {
  anthropic: PRESET_MODELS.anthropic.map(toSuggestion),
  openai: PRESET_MODELS.openai.map(toSuggestion),
};
