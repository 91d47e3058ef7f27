"use client";

import { useState } from "react";
import { errorText, templatesClient } from "@/lib/contract/client";
import type { ListedTemplate } from "@/lib/contract/workspaces";
import { formatPlural } from "@/lib/format";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";

type DeleteTemplateDialogProps = { template: ListedTemplate; onDeleted: () => void; onClose: () => void };

/** Names what is lost before it is deleted. */
export function DeleteTemplateDialog({ template, onDeleted, onClose }: DeleteTemplateDialogProps) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function remove() {
    setBusy(true);
    setError(null);
    try {
      await templatesClient.delete(template.id);
      onDeleted();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title={`Delete ${template.name}?`}
      description={`${whatIsLost(template)} This cannot be undone.`}
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" busy={isBusy} onClick={() => void remove()}>
            Delete template
          </Button>
        </>
      }
    >
      {error ? (
        <Callout tone="danger" title="Not deleted">
          {errorText(error)}
        </Callout>
      ) : null}
    </Dialog>
  );
}

function whatIsLost({ config, workspace_count: workspaces = 0 }: ListedTemplate): string {
  const parts = [
    config.setup_script ? "its setup script" : null,
    config.allowed_hosts?.length ? `its list of ${formatPlural(config.allowed_hosts.length, "allowed host")}` : null,
  ].filter((part) => part !== null);
  const lost = parts.length > 0 ? `It is lost with ${parts.join(" and ")}.` : "No agent can be started from it again.";
  if (workspaces === 0) return lost;
  const stay = workspaces === 1 ? "stays and keeps" : "stay and keep";
  return `${lost} ${formatPlural(workspaces, "workspace")} made from it ${stay} these settings.`;
}
