"use client";

import { GitMerge, GitPullRequestClosed } from "lucide-react";
import { useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import { gitClient } from "@/lib/contract/git-client";
import { unsavedWorkSchema } from "@/lib/contract/working-tree";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Dialog } from "../ui/dialog";
import { toast } from "../ui/toast";

type FinishedBannerProps = {
  chat: Chat;
  /** There is one that could go. */
  hasWorkspace: boolean;
};

/** Merged or closed: the work is over, and its workspace can go. */
export function FinishedBanner({ chat, hasWorkspace }: FinishedBannerProps) {
  const [isBusy, setBusy] = useState(false);
  /** Why the workspace was kept: work that is nowhere else. */
  const [unsaved, setUnsaved] = useState<readonly string[] | null>(null);
  const state = chat.diff_status?.pull_request_state;
  if (state !== "merged" && state !== "closed") return null;

  async function cleanUp(force: boolean) {
    setBusy(true);
    try {
      await gitClient.cleanUp(chat.id, { force });
      setUnsaved(null);
      toast.show("The workspace is being deleted");
    } catch (error) {
      const refused = unsavedWorkSchema.safeParse(error instanceof ApiError ? error.facts : null);
      if (refused.success) setUnsaved(refused.data.unsaved);
      else toast.error(errorText(error), { id: "clean-up" });
    } finally {
      setBusy(false);
    }
  }

  const isMerged = state === "merged";
  return (
    <>
      <Callout
        tone="neutral"
        icon={isMerged ? GitMerge : GitPullRequestClosed}
        className="mx-4 my-3"
        title={isMerged ? "The pull request is merged" : "The pull request was closed without a merge"}
        action={
          hasWorkspace ? (
            <Button size="sm" busy={isBusy} onClick={() => void cleanUp(false)}>
              Delete workspace
            </Button>
          ) : undefined
        }
      >
        {hasWorkspace ? "Its workspace is not needed for it any longer." : "Its workspace is gone."}
      </Callout>
      <Dialog
        open={unsaved !== null}
        locked={isBusy}
        onOpenChange={(open) => open || setUnsaved(null)}
        title="Delete the workspace all the same?"
        description="What is nowhere else is lost with it:"
        actions={
          <>
            <Button disabled={isBusy} onClick={() => setUnsaved(null)}>
              Keep
            </Button>
            <Button variant="danger" busy={isBusy} onClick={() => void cleanUp(true)}>
              Delete and lose it
            </Button>
          </>
        }
      >
        <ul className="wrap-anywhere grid gap-1.5 text-ink">
          {unsaved?.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </Dialog>
    </>
  );
}
