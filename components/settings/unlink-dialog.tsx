import { externalAuthClient } from "@/lib/contract/client";
import type { ExternalAuth } from "@/lib/contract/external-auth";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { hostName } from "./git-account";

type Props = { host: ExternalAuth; onUnlinked: () => void; onClose: () => void };

/** Asks before an account is forgotten. */
export function UnlinkDialog({ host, onUnlinked, onClose }: Props) {
  return (
    <ConfirmDialog
      title={`Unlink ${host.account?.login ?? hostName(host)}?`}
      description={`Agents can no longer push to ${hostName(host)} or follow its pull requests as you. A token that was linked in the browser is revoked.`}
      verb="Unlink"
      failure="Not unlinked"
      onConfirm={async () => {
        await externalAuthClient.remove(host.id);
        onUnlinked();
      }}
      onClose={onClose}
    />
  );
}
