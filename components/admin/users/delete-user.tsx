"use client";

import { useState } from "react";
import { errorText } from "@/lib/contract/client";
import type { ListedUser } from "@/lib/contract/users";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";
import { PanelSection } from "../../ui/side-panel";
import { toast } from "../../ui/toast";
import { displayName } from "../../user-menu";
import { useUserDeletion } from "./use-user-admin";

/** The end of an account; it asks first and says what goes and what stays. */
export function DeleteUser({ user, onDeleted }: { user: ListedUser; onDeleted: () => void }) {
  const [isAsking, setAsking] = useState(false);
  return (
    <PanelSection title="Delete">
      <div className="flex items-center justify-between gap-3">
        <span className="text-ink-2">Ends the account for good</span>
        <Button variant="ghost-danger" onClick={() => setAsking(true)}>
          Delete user
        </Button>
      </div>
      {isAsking ? <DeleteDialog user={user} onDeleted={onDeleted} onClose={() => setAsking(false)} /> : null}
    </PanelSection>
  );
}

function DeleteDialog({ user, onDeleted, onClose }: { user: ListedUser; onDeleted: () => void; onClose: () => void }) {
  const deletion = useUserDeletion(user.id);
  const name = displayName(user);
  const confirm = () =>
    deletion.mutate(undefined, {
      onSuccess: () => {
        toast.show(`Deleted ${name}`);
        onDeleted();
      },
    });
  return (
    <Dialog
      open
      locked={deletion.isPending}
      onOpenChange={(open) => open || onClose()}
      title={`Delete ${name}?`}
      description="This cannot be undone. To keep the account and refuse sign-in, suspend it instead."
      actions={
        <>
          <Button disabled={deletion.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" busy={deletion.isPending} onClick={deletion.isPending ? undefined : confirm}>
            Delete user
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <ul className="list-disc space-y-1 pl-5 text-ink-2">
          <li>Their browsers are signed out, and their tokens, settings and linked accounts are removed.</li>
          <li>Their agents are stopped and archived. Nobody can open them any more.</li>
          <li>What they spent stays under Usage, under this name and marked as a deleted user.</li>
          <li>{`${user.email} and ${user.username} are free for somebody else.`}</li>
        </ul>
        {deletion.error ? (
          <Callout tone="danger" title="Not deleted">
            {errorText(deletion.error)}
          </Callout>
        ) : null}
      </div>
    </Dialog>
  );
}
