"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText, workspacesClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { Workspace } from "@/lib/contract/workspaces";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Skeleton } from "../ui/skeleton";
import { compareTimes } from "./chat-groups";
import { useChatActions } from "./use-chat-actions";

/** Null: it is gone already. */
async function findWorkspace(workspaceId: string): Promise<Workspace | null> {
  try {
    return await workspacesClient.get(workspaceId);
  } catch (error) {
    if (error instanceof ApiError && error.code === "not_found") return null;
    throw error;
  }
}

/** Says what is lost. A workspace that is older than the chat may belong to other work, so its name is typed. */
export function DeleteWorkspaceDialog({ chat, onClose }: { chat: Chat; onClose: () => void }) {
  const formId = useId();
  const actions = useChatActions();
  const [typed, setTyped] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [isDeleting, setDeleting] = useState(false);
  const workspaceId = chat.workspace_id ?? "";
  const query = useQuery({
    queryKey: ["workspaces", workspaceId],
    queryFn: () => findWorkspace(workspaceId),
    staleTime: 0,
  });
  const workspace = query.data;
  const isOlder = Boolean(workspace && compareTimes(workspace.created_at, chat.created_at) < 0);
  const isReady = query.isSuccess && (!isOlder || typed === workspace?.name);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!isReady || isDeleting) return;
    setDeleting(true);
    setError(null);
    try {
      await actions.archiveAndDelete(chat, workspace ?? null);
      onClose();
    } catch (cause) {
      setError(errorText(cause));
      setDeleting(false);
    }
  }

  return (
    <Dialog
      open
      locked={isDeleting}
      onOpenChange={(open) => open || onClose()}
      title="Archive and delete workspace?"
      description={describeLoss(workspace)}
      actions={
        <>
          <Button onClick={onClose} disabled={isDeleting}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="danger" busy={isDeleting} disabled={!isReady}>
            {workspace === null ? "Archive" : "Delete"}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-3">
        {query.isPending ? <Skeleton className="h-8 w-full" /> : null}
        {query.isError ? (
          <Callout
            tone="danger"
            title="The workspace was not found out about"
            action={
              <Button size="sm" onClick={() => void query.refetch()}>
                Try again
              </Button>
            }
          >
            {errorText(query.error)}
          </Callout>
        ) : null}
        {workspace && isOlder ? (
          <Field
            label={`Type ${workspace.name} to confirm`}
            hint="It is older than this agent; other agents may use it."
          >
            <Input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
          </Field>
        ) : null}
        {error ? (
          <p role="alert" className="text-danger text-md">
            {error}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}

function describeLoss(workspace: Workspace | null | undefined) {
  if (workspace === undefined) return "The agent can be restored. What is only in its workspace cannot.";
  if (workspace === null) return "Its workspace is gone already. The agent can be restored.";
  return (
    <>
      The agent can be restored. The workspace <b className="font-medium text-ink">{workspace.name}</b> and what was not
      pushed from it cannot.
    </>
  );
}
