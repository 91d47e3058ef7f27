"use client";

import { templatesClient } from "@/lib/contract/client";
import type { ListedTemplate } from "@/lib/contract/workspaces";
import { formatPlural } from "@/lib/format";
import { ConfirmDialog } from "../../ui/confirm-dialog";

type DeleteTemplateDialogProps = { template: ListedTemplate; onDeleted: () => void; onClose: () => void };

/** Names what is lost before it is deleted. */
export function DeleteTemplateDialog({ template, onDeleted, onClose }: DeleteTemplateDialogProps) {
  return (
    <ConfirmDialog
      title={`Delete ${template.name}?`}
      description={`${whatIsLost(template)} This cannot be undone.`}
      verb="Delete template"
      failure="Not deleted"
      onConfirm={async () => {
        await templatesClient.delete(template.id);
        onDeleted();
      }}
      onClose={onClose}
    />
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
