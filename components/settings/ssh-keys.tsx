"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { sshKeysClient } from "@/lib/contract/client";
import type { SshKey } from "@/lib/contract/ssh-keys";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { EmptyState } from "../ui/empty-state";
import { AddSshKeyDialog } from "./add-ssh-key-dialog";
import { SshKeyCard } from "./ssh-key-card";

const KEYS_KEY = ["ssh-keys"];

/** The person's keys for ssh hosts: what to add there, and whether it works. */
export function SshKeys({ initial }: { initial: SshKey[] }) {
  const client = useQueryClient();
  const { data: keys } = useQuery({
    queryKey: KEYS_KEY,
    queryFn: ({ signal }) => sshKeysClient.list({ signal }),
    initialData: initial,
  });
  const [isAdding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<SshKey | null>(null);
  const reload = () => void client.invalidateQueries({ queryKey: KEYS_KEY });
  const add = (
    <Button icon={<Plus aria-hidden />} onClick={() => setAdding(true)}>
      Add SSH key
    </Button>
  );
  return (
    <section aria-label="SSH keys" className="mt-8 max-w-160">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 className="mr-auto font-semibold text-lg">SSH keys</h2>
        {keys.length > 0 ? add : null}
      </div>
      <p className="mb-4 text-ink-3">
        For repositories behind addresses such as git@git.example.com:team/app. Without a key for their host, the
        account above opens them over https.
      </p>
      {keys.length === 0 ? (
        <EmptyState title="No SSH keys" hint="A key is made here and never leaves the server." action={add} />
      ) : (
        keys.map((key) => <SshKeyCard key={key.id} sshKey={key} onTested={reload} onRemove={() => setRemoving(key)} />)
      )}
      {isAdding ? <AddSshKeyDialog onAdded={reload} onClose={() => setAdding(false)} /> : null}
      {removing ? (
        <ConfirmDialog
          title={`Remove the key for ${removing.host}?`}
          description={`Agents can no longer open repositories on ${removing.host} over ssh. A new key has to be added there again.`}
          verb="Remove"
          failure="Not removed"
          onConfirm={async () => {
            await sshKeysClient.remove(removing.id);
            reload();
          }}
          onClose={() => setRemoving(null)}
        />
      ) : null}
    </section>
  );
}
