"use client";

import { useState } from "react";
import type { AdministeredWorkspace, AdministratorsTransition } from "@/lib/contract/workspaces";
import { SettingsPage } from "../../settings/settings-frame";
import { Button } from "../../ui/button";
import { ConfirmDialog } from "../../ui/confirm-dialog";
import { EmptyState } from "../../ui/empty-state";
import { useWorkspaceAdmin } from "./use-workspace-admin";
import { WorkspaceTable } from "./workspace-table";

type Ending = { workspace: AdministeredWorkspace; transition: AdministratorsTransition };

/** Whose workspaces there are, what they do, and an end for one that should not be. */
export function WorkspacesPage({ initial }: { initial: AdministeredWorkspace[] }) {
  const list = useWorkspaceAdmin(initial);
  const [ending, setEnding] = useState<Ending | null>(null);
  return (
    <SettingsPage title="Workspaces">
      <p className="-mt-1 mb-4 text-ink-2">Where agents work. What is in a workspace is its owner's alone.</p>
      {list.workspaces.length === 0 ? (
        <EmptyState title="No workspaces yet" hint="An agent gets one when it first needs files or commands." />
      ) : (
        <WorkspaceTable
          workspaces={list.workspaces}
          onEnd={(workspace, transition) => setEnding({ workspace, transition })}
        />
      )}
      {list.hasNextPage ? (
        <Button
          variant="ghost"
          className="mt-2"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          Show more
        </Button>
      ) : null}
      {ending ? (
        <ConfirmDialog
          {...(ending.transition === "stop" ? STOP : DELETE)}
          title={`${ending.transition === "stop" ? "Stop" : "Delete"} ${ending.workspace.name} of ${ending.workspace.owner_username}?`}
          onConfirm={() => list.build(ending.workspace, ending.transition)}
          onClose={() => setEnding(null)}
        />
      ) : null}
    </SettingsPage>
  );
}

const STOP = {
  description: "Commands that run in it end. Its files stay, and an agent that needs it starts it again.",
  verb: "Stop",
  failure: "Not stopped",
};
const DELETE = {
  description:
    "Its files are deleted; what was not pushed is lost. Its agents keep their conversations. This cannot be undone.",
  verb: "Delete",
  failure: "Not deleted",
};
