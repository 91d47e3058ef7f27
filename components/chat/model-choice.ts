import type { AvailableModel } from "@/lib/contract/models";

type ModelChoice = {
  models: readonly AvailableModel[];
  /** Picked on this page. */
  picked: string | null;
  /** What the chat used last. */
  ofChat: string | null;
  /** What this browser used last. */
  remembered: string | null;
};

/** The model that the next message goes to: picked, the chat's, remembered, the default, any; only usable ones. */
export function chooseModel({ models, picked, ofChat, remembered }: ModelChoice): AvailableModel | undefined {
  const usable = models.filter((model) => model.available);
  const byId = (id: string | null) => usable.find((model) => model.id === id);
  return byId(picked) ?? byId(ofChat) ?? byId(remembered) ?? usable.find((model) => model.is_default) ?? usable[0];
}

/** Models under the name of their provider, in the order in which they came. */
export function groupByProvider(models: readonly AvailableModel[]): { name: string; models: AvailableModel[] }[] {
  const groups = new Map<string, AvailableModel[]>();
  for (const model of models) groups.set(model.provider_name, [...(groups.get(model.provider_name) ?? []), model]);
  return [...groups].map(([name, members]) => ({ name, models: members }));
}
