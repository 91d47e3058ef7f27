"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { errorText, modelsClient } from "@/lib/contract/client";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { toast } from "../../ui/toast";

const PROVIDERS_KEY = ["admin", "providers"];
const CONFIGS_KEY = ["admin", "model-configs"];

/** Providers and models as the administrator sees them; switches show at once and are taken back when refused. */
export function useModelAdmin(initial: { providers: Provider[]; configs: ModelConfig[] }) {
  const client = useQueryClient();
  const { data: providers } = useQuery({
    queryKey: PROVIDERS_KEY,
    queryFn: ({ signal }) => modelsClient.listProviders({ signal }),
    initialData: initial.providers,
  });
  const { data: configs } = useQuery({
    queryKey: CONFIGS_KEY,
    queryFn: ({ signal }) => modelsClient.listConfigs({ signal }),
    initialData: initial.configs,
  });

  const reload = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: PROVIDERS_KEY }),
      client.invalidateQueries({ queryKey: CONFIGS_KEY }),
    ]);

  async function patchConfig(
    config: ModelConfig,
    change: Partial<Pick<ModelConfig, "enabled" | "is_default" | "pricing">>,
  ) {
    const before = client.getQueryData<ModelConfig[]>(CONFIGS_KEY);
    client.setQueryData<ModelConfig[]>(CONFIGS_KEY, (all) =>
      all?.map((each) => {
        if (each.id === config.id) return { ...each, ...change };
        return change.is_default ? { ...each, is_default: false } : each;
      }),
    );
    try {
      await modelsClient.patchConfig(config.id, change);
      // Another model may have become the default.
      await reload();
    } catch (error) {
      client.setQueryData(CONFIGS_KEY, before);
      toast.error(errorText(error));
    }
  }

  return { providers, configs, reload, patchConfig };
}
