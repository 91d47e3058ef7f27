"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import type { Suggestions } from "../../auth/provider-step";
import { SettingsPage } from "../../settings/settings-frame";
import { Button } from "../../ui/button";
import { EmptyState } from "../../ui/empty-state";
import { useUnsavedChanges } from "../../ui/unsaved-changes";
import { ModelPanel } from "./model-panel";
import { ModelTable } from "./model-table";
import { listPriceDifferences, type PriceDifference } from "./price-differences";
import { PriceDifferencesSection } from "./price-differences-section";
import { ProviderDialog } from "./provider-dialog";
import { type Removal, RemoveDialog } from "./remove-dialog";
import { useModelAdmin } from "./use-model-admin";
import { useProviderTests } from "./use-provider-tests";

type ModelsPageProps = { providers: Provider[]; configs: ModelConfig[]; suggestions: Suggestions };

/** What the panel at the side shows: a model, or a new one of a provider; `model` is its identifier when it is known. */
export type PanelSubject = { config: ModelConfig } | { config: null; providerId: string; model?: string };

/** Models and their providers, with prices. */
export function ModelsPage(props: ModelsPageProps) {
  const admin = useModelAdmin(props);
  const tests = useProviderTests();
  const unsaved = useUnsavedChanges();
  const [panel, setPanel] = useState<PanelSubject | null>(null);
  const openPanel = (subject: PanelSubject) => {
    const isOpen = panel !== null && panel.config !== null && panel.config.id === subject.config?.id;
    if (!isOpen) unsaved.run(() => setPanel(subject));
  };
  const [dialog, setDialog] = useState<{ provider: Provider | null } | null>(null);
  const [removal, setRemoval] = useState<Removal | null>(null);
  const { providers, configs } = admin;
  const firstProvider = providers[0];
  // The row as it is now: a switch in the table changes it while the panel is open.
  const shown = panel?.config ? configs.find((config) => config.id === panel.config?.id) : undefined;
  /** The panel, if it is open, has the prices from before. */
  const adopt = (differences: readonly PriceDifference[]) =>
    unsaved.run(async () => {
      setPanel(null);
      for (const { config, list } of differences) await admin.patchConfig(config, { pricing: list });
    });

  return (
    <>
      <SettingsPage
        title="Models"
        acts={
          <>
            <Button onClick={() => setDialog({ provider: null })}>Add provider</Button>
            <Button
              variant="primary"
              icon={<Plus aria-hidden />}
              disabled={!firstProvider}
              onClick={() => firstProvider && openPanel({ config: null, providerId: firstProvider.id })}
            >
              Add model
            </Button>
          </>
        }
      >
        <p className="-mt-1 mb-4 text-ink-2">Prices in dollars per million tokens. The star marks the default model.</p>
        <PriceDifferencesSection
          differences={listPriceDifferences({ providers, configs, suggestions: props.suggestions })}
          onAdopt={adopt}
        />
        {providers.length === 0 ? (
          <EmptyState
            title="No provider yet"
            hint="Agents need a model. Add the provider whose key you have, then its models."
            action={<Button onClick={() => setDialog({ provider: null })}>Add provider</Button>}
          />
        ) : (
          <ModelTable
            providers={providers}
            configs={configs}
            tests={tests.results}
            selectedId={panel?.config?.id ?? null}
            onOpen={(config) => openPanel({ config })}
            onAddModel={(provider) => openPanel({ config: null, providerId: provider.id })}
            onEnable={(config, enabled) => void admin.patchConfig(config, { enabled })}
            onDefault={(config) => void admin.patchConfig(config, { is_default: true })}
            onTest={(provider) => void tests.run(provider)}
            onEdit={(provider) => setDialog({ provider })}
            onRemoveProvider={(provider) => setRemoval({ kind: "provider", provider })}
          />
        )}
      </SettingsPage>
      {panel && (panel.config === null || shown) ? (
        <ModelPanel
          key={shown?.id ?? `new/${panel.config === null ? panel.providerId : ""}`}
          config={shown ?? null}
          providerId={panel.config === null ? panel.providerId : (shown?.provider_id ?? "")}
          newModel={panel.config === null ? panel.model : undefined}
          providers={providers}
          suggestions={props.suggestions}
          onDirty={unsaved.setDirty}
          onSaved={() => {
            setPanel(null);
            void admin.reload();
          }}
          onClose={() => unsaved.run(() => setPanel(null))}
          onRemove={(config) => setRemoval({ kind: "model", config })}
        />
      ) : null}
      {dialog ? (
        <ProviderDialog
          provider={dialog.provider}
          hasModels={configs.some((config) => config.provider_id === dialog.provider?.id)}
          onSaved={admin.reload}
          onWorks={(provider, model) => openPanel({ config: null, providerId: provider.id, model })}
          onClose={() => setDialog(null)}
        />
      ) : null}
      {removal ? (
        <RemoveDialog
          removal={removal}
          onRemoved={() => {
            setPanel(null);
            void admin.reload();
          }}
          onClose={() => setRemoval(null)}
        />
      ) : null}
      {unsaved.dialog}
    </>
  );
}
