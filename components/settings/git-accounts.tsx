"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { externalAuthClient } from "@/lib/contract/client";
import type { ExternalAuth } from "@/lib/contract/external-auth";
import type { SshKey } from "@/lib/contract/ssh-keys";
import { Callout } from "../ui/callout";
import { EmptyState } from "../ui/empty-state";
import { GitAccount } from "./git-account";
import { LinkTokenDialog } from "./link-token-dialog";
import { SettingsPage } from "./settings-frame";
import { SshKeys } from "./ssh-keys";
import { UnlinkDialog } from "./unlink-dialog";

const ACCOUNTS_KEY = ["external-auth"];

type Props = { initial: ExternalAuth[]; keys: SshKey[]; failure: string | null };
type Asking = { what: "token" | "unlink"; host: ExternalAuth } | null;

/** The git hosts of the installation and the person's accounts there: as whom, with which rights, and whether they work. */
export function GitAccounts({ initial, keys, failure }: Props) {
  const client = useQueryClient();
  const { data: hosts } = useQuery({
    queryKey: ACCOUNTS_KEY,
    queryFn: ({ signal }) => externalAuthClient.list({ signal }),
    initialData: initial,
  });
  const [asking, setAsking] = useState<Asking>(null);
  const reload = () => void client.invalidateQueries({ queryKey: ACCOUNTS_KEY });
  const close = () => setAsking(null);
  return (
    <SettingsPage title="Git accounts">
      <p className="mb-4 max-w-160 text-ink-3">
        Agents fetch, push and open pull requests as you. Your token stays on the server; it never enters a workspace.
      </p>
      {failure ? (
        <Callout tone="danger" title="The account was not linked" className="mb-4 max-w-160">
          {failure}
        </Callout>
      ) : null}
      {hosts.length === 0 ? (
        <EmptyState
          title="No git host is set up"
          hint="An administrator adds one with the SLIPWAY_EXTERNAL_AUTH variables of the server."
          className="max-w-160"
        />
      ) : (
        hosts.map((host) => (
          <GitAccount
            key={host.id}
            host={host}
            onTested={reload}
            onToken={() => setAsking({ what: "token", host })}
            onUnlink={() => setAsking({ what: "unlink", host })}
          />
        ))
      )}
      <SshKeys initial={keys} />
      {asking?.what === "token" ? <LinkTokenDialog host={asking.host} onLinked={reload} onClose={close} /> : null}
      {asking?.what === "unlink" ? <UnlinkDialog host={asking.host} onUnlinked={reload} onClose={close} /> : null}
    </SettingsPage>
  );
}
