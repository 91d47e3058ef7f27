"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { usersClient } from "@/lib/contract/client";
import type { Token } from "@/lib/contract/users";
import { formatDate } from "@/lib/format";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { EmptyState } from "../ui/empty-state";
import { IconButton } from "../ui/icon-button";
import { useTimeZone } from "../ui/now";
import { RelativeTime } from "../ui/relative-time";
import { Table, TableCell, TableHead, TableRow } from "../ui/table";
import { CreateTokenDialog } from "./create-token-dialog";
import { SettingsPage } from "./settings-frame";

const TOKENS_KEY = ["users", "me", "tokens"];

/** The person's API tokens: what they are for, when they were used, and how to end them. */
export function TokensSection({ initial }: { initial: Token[] }) {
  const client = useQueryClient();
  const { data: tokens } = useQuery({
    queryKey: TOKENS_KEY,
    queryFn: ({ signal }) => usersClient.listTokens("me", { signal }),
    initialData: initial,
  });
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<Token | null>(null);
  const reload = () => client.invalidateQueries({ queryKey: TOKENS_KEY });
  const create = (
    <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
      Create token
    </Button>
  );

  return (
    <SettingsPage title="API tokens" acts={tokens.length > 0 ? create : null}>
      <p className="mb-4 text-ink-3">A token acts as you, in scripts and other programs. Send it as a bearer token.</p>
      {tokens.length === 0 ? (
        <EmptyState
          title="No tokens yet"
          hint="Create one for a script or another program. It is shown once."
          action={create}
          className="max-w-160"
        />
      ) : (
        <TokenTable tokens={tokens} onRevoke={setRevoking} />
      )}
      {isCreating ? <CreateTokenDialog onCreated={() => void reload()} onClose={() => setCreating(false)} /> : null}
      {revoking ? (
        <RevokeDialog token={revoking} onRevoked={() => void reload()} onClose={() => setRevoking(null)} />
      ) : null}
    </SettingsPage>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
  const timeZone = useTimeZone();
  return (
    <Table label="API tokens">
      <thead>
        <tr>
          <TableHead>Name</TableHead>
          <TableHead>Last used</TableHead>
          <TableHead className="max-sm:hidden">Created</TableHead>
          <TableHead className="max-sm:hidden">Expires</TableHead>
          <TableHead>
            <span className="hidden-text">Revoke</span>
          </TableHead>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <TableRow key={token.id}>
            <TableCell className="max-w-80 truncate font-medium">{token.name}</TableCell>
            <TableCell>{token.last_used_at ? <RelativeTime at={token.last_used_at} /> : "Never"}</TableCell>
            <TableCell className="max-sm:hidden">{formatDate(token.created_at, timeZone)}</TableCell>
            <TableCell className="max-sm:hidden">
              {token.expires_at ? formatDate(token.expires_at, timeZone) : "Never"}
            </TableCell>
            <TableCell numeric>
              <IconButton icon={Trash2} label={`Revoke ${token.name}`} onClick={() => onRevoke(token)} />
            </TableCell>
          </TableRow>
        ))}
      </tbody>
    </Table>
  );
}

type RevokeDialogProps = { token: Token; onRevoked: () => void; onClose: () => void };

function RevokeDialog({ token, onRevoked, onClose }: RevokeDialogProps) {
  return (
    <ConfirmDialog
      title={`Revoke ${token.name}?`}
      description="Programs that use it are refused from now on. This cannot be undone."
      verb="Revoke"
      failure="Not revoked"
      onConfirm={async () => {
        await usersClient.deleteToken("me", token.id);
        onRevoked();
      }}
      onClose={onClose}
    />
  );
}
