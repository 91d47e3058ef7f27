"use client";

import { useState } from "react";
import { errorText, modelsClient } from "@/lib/contract/client";
import type { ModelConfig, Provider } from "@/lib/contract/models";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";

export type Removal = { kind: "model"; config: ModelConfig } | { kind: "provider"; provider: Provider };

/** Names what is lost before it is removed. */
export function RemoveDialog(props: { removal: Removal; onRemoved: () => void; onClose: () => void }) {
  const { removal, onRemoved, onClose } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isModel = removal.kind === "model";
  const name = isModel ? removal.config.display_name : removal.provider.display_name;

  async function remove() {
    setBusy(true);
    setError(null);
    try {
      await (isModel ? modelsClient.deleteConfig(removal.config.id) : modelsClient.deleteProvider(removal.provider.id));
      onRemoved();
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
      title={`Remove ${name}?`}
      description={
        isModel
          ? "Agents that use it go on with the default model. What it cost stays recorded."
          : "Its key and all its models are removed. What they cost stays recorded."
      }
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" busy={isBusy} onClick={() => void remove()}>
            {isModel ? "Remove model" : "Remove provider"}
          </Button>
        </>
      }
    >
      {error ? (
        <Callout tone="danger" title="Not removed">
          {errorText(error)}
        </Callout>
      ) : null}
    </Dialog>
  );
}
