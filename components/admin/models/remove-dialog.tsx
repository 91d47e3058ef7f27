"use client";

import { modelsClient } from "@/lib/contract/client";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { ConfirmDialog } from "../../ui/confirm-dialog";

export type Removal = { kind: "model"; config: ModelConfig } | { kind: "provider"; provider: Provider };

type RemoveDialogProps = { removal: Removal; onRemoved: () => void; onClose: () => void };

/** Names what is lost before it is removed. */
export function RemoveDialog({ removal, onRemoved, onClose }: RemoveDialogProps) {
  const isModel = removal.kind === "model";
  return (
    <ConfirmDialog
      title={`Remove ${isModel ? removal.config.display_name : removal.provider.display_name}?`}
      description={
        isModel
          ? "Agents that use it go on with the default model. What it cost stays recorded."
          : "Its key and all its models are removed. What they cost stays recorded."
      }
      verb={isModel ? "Remove model" : "Remove provider"}
      failure="Not removed"
      onConfirm={async () => {
        await (isModel
          ? modelsClient.deleteConfig(removal.config.id)
          : modelsClient.deleteProvider(removal.provider.id));
        onRemoved();
      }}
      onClose={onClose}
    />
  );
}
