import { useState } from "react";
import { errorText, externalAuthClient } from "@/lib/contract/client";
import type { ExternalAuth } from "@/lib/contract/external-auth";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { toast } from "../ui/toast";
import { hostName } from "./git-account";

type Props = { host: ExternalAuth; onUnlinked: () => void; onClose: () => void };

/** Asks before an account is forgotten. */
export function UnlinkDialog({ host, onUnlinked, onClose }: Props) {
  const [isBusy, setBusy] = useState(false);
  async function unlink() {
    setBusy(true);
    try {
      await externalAuthClient.remove(host.id);
      onUnlinked();
      onClose();
    } catch (error) {
      setBusy(false);
      toast.error(errorText(error));
    }
  }
  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title={`Unlink ${host.account?.login ?? hostName(host)}?`}
      description={`Agents can no longer push to ${hostName(host)} or follow its pull requests as you. A token that was linked in the browser is revoked.`}
      actions={
        <>
          <Button disabled={isBusy} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" busy={isBusy} onClick={() => void unlink()}>
            Unlink
          </Button>
        </>
      }
    />
  );
}
