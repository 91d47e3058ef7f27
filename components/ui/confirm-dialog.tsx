"use client";

import { type ReactNode, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { Button } from "./button";
import { Callout } from "./callout";
import { Dialog } from "./dialog";

type ConfirmDialogProps = {
  title: string;
  /** What is lost. */
  description: ReactNode;
  /** The act, as its button says it. */
  verb: string;
  /** Over the reason when it fails: `Not removed`. */
  failure: string;
  onConfirm: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks before something is lost. Closes when it is done; when it fails it stays and says why. */
export function ConfirmDialog({ title, description, verb, failure, onConfirm, onClose }: ConfirmDialogProps) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function confirm() {
    setBusy(true);
    setError(null);
    try {
      await onConfirm();
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
      title={title}
      description={description}
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" busy={isBusy} onClick={() => void confirm()}>
            {verb}
          </Button>
        </>
      }
    >
      {error ? (
        <Callout tone="danger" title={failure}>
          {errorText(error)}
        </Callout>
      ) : null}
    </Dialog>
  );
}
