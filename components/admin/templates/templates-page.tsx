"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import type { ListedTemplate } from "@/lib/contract/workspaces";
import { SettingsPage } from "../../settings/settings-frame";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { EmptyState } from "../../ui/empty-state";
import { useUnsavedChanges } from "../../ui/unsaved-changes";
import { DeleteTemplateDialog } from "./delete-template-dialog";
import { TemplatePanel } from "./template-panel";
import { TemplateTable } from "./template-table";
import { useTemplateAdmin } from "./use-template-admin";

/** What the panel at the side shows; a null id is a new one. */
type PanelSubject = { id: string | null };

/** Templates: what a new workspace is made from. */
export function TemplatesPage({ initial }: { initial: ListedTemplate[] }) {
  const { templates, reload, enable } = useTemplateAdmin(initial);
  const unsaved = useUnsavedChanges();
  const [panel, setPanel] = useState<PanelSubject | null>(null);
  const [deleting, setDeleting] = useState<ListedTemplate | null>(null);
  const shown = templates.find((template) => template.id === panel?.id);
  const open = (id: string | null) => {
    if (panel?.id !== id || panel === null) unsaved.run(() => setPanel({ id }));
  };
  const add = (
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => open(null)}>
      Add template
    </Button>
  );

  return (
    <>
      <SettingsPage title="Templates" acts={templates.length > 0 ? add : null}>
        <p className="-mt-1 mb-4 text-ink-2">
          What a new workspace is made from. A task that names none takes the oldest enabled one, the default.
        </p>
        {templates.length > 0 && templates.every((template) => !template.enabled) ? (
          <Callout tone="warning" title="No template is enabled" className="mb-4">
            New agents get no workspace until one is.
          </Callout>
        ) : null}
        {templates.length === 0 ? (
          <EmptyState
            title="No template yet"
            hint="Without one, new agents get no workspace: they can neither read files nor run commands."
            action={add}
          />
        ) : (
          <TemplateTable
            templates={templates}
            selectedId={panel?.id ?? null}
            isCompact={panel !== null}
            onOpen={(template) => open(template.id)}
            onEnable={enable}
          />
        )}
      </SettingsPage>
      {panel && (panel.id === null || shown) ? (
        <TemplatePanel
          key={panel.id ?? "new"}
          template={shown ?? null}
          onDirty={unsaved.setDirty}
          onSaved={() => {
            setPanel(null);
            void reload();
          }}
          onClose={() => unsaved.run(() => setPanel(null))}
          onDelete={setDeleting}
        />
      ) : null}
      {deleting ? (
        <DeleteTemplateDialog
          template={deleting}
          onDeleted={() => {
            setPanel(null);
            void reload();
          }}
          onClose={() => setDeleting(null)}
        />
      ) : null}
      {unsaved.dialog}
    </>
  );
}
