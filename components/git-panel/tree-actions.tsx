"use client";

import { ArrowUpFromLine, GitCommitHorizontal, GitPullRequestDraft } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import type { WorkingTree } from "@/lib/contract/working-tree";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { toast } from "../ui/toast";

const CommitDialog = lazy(async () => ({ default: (await import("./commit-dialog")).CommitDialog }));
const OpenPullRequestDialog = lazy(async () => ({
  default: (await import("./open-pull-request-dialog")).OpenPullRequestDialog,
}));

/** Which of the acts there is something to do for. */
export function possibleActs({ chat, tree }: { chat: Chat; tree: WorkingTree }) {
  // A submodule stands at a commit of no branch: there is nothing to push until it has one of its own.
  const isPushed = tree.branch === null ? tree.is_published : tree.upstream !== null && tree.ahead === 0;
  const state = chat.diff_status?.pull_request_state ?? null;
  return {
    commit: tree.file_count > 0,
    push: tree.head !== null && tree.remote_origin !== null && !isPushed,
    // A merged or closed one does not stand in the way of the next.
    open: tree.remote_origin !== null && tree.branch !== null && tree.upstream !== null && state !== "open",
  };
}

type TreeActionsProps = { chat: Chat; tree: WorkingTree; onOpened: () => void };

/** Commit, push, open a pull request: the first of them that is due is the one to press. */
export function TreeActions({ chat, tree, onOpened }: TreeActionsProps) {
  const [dialog, setDialog] = useState<"commit" | "open" | null>(null);
  const [isPushing, setPushing] = useState(false);
  const [pushError, setPushError] = useState<string | null>(null);
  const can = possibleActs({ chat, tree });

  async function push() {
    setPushing(true);
    setPushError(null);
    try {
      const done = await gitClient.push(chat.id, { repository: tree.root });
      toast.show(done.up_to_date ? `${done.branch} was pushed already` : `Pushed ${done.branch}`);
    } catch (cause) {
      setPushError(errorText(cause));
    } finally {
      setPushing(false);
    }
  }

  const close = () => setDialog(null);
  if (!can.commit && !can.push && !can.open && !pushError) return null;
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {can.commit ? (
          <Button
            variant={primary(true)}
            icon={<GitCommitHorizontal aria-hidden />}
            onClick={() => setDialog("commit")}
          >
            Commit
          </Button>
        ) : null}
        {can.push ? (
          <Button
            variant={primary(!can.commit)}
            icon={<ArrowUpFromLine aria-hidden />}
            busy={isPushing}
            onClick={() => void push()}
          >
            Push
          </Button>
        ) : null}
        {can.open ? (
          <Button
            variant={primary(!can.commit && !can.push)}
            icon={<GitPullRequestDraft aria-hidden />}
            onClick={() => setDialog("open")}
          >
            Open pull request
          </Button>
        ) : null}
      </div>
      {pushError ? (
        <Callout
          tone="danger"
          className="w-full"
          title="The branch was not pushed"
          actions={
            <Button size="sm" busy={isPushing} onClick={() => void push()}>
              Try again
            </Button>
          }
        >
          {pushError}
        </Callout>
      ) : null}
      <Suspense>
        {dialog === "commit" ? <CommitDialog chatId={chat.id} tree={tree} onClose={close} /> : null}
        {dialog === "open" ? <OpenPullRequestDialog chatId={chat.id} onOpened={onOpened} onClose={close} /> : null}
      </Suspense>
    </>
  );
}

const primary = (isFirst: boolean) => (isFirst ? "primary" : "default");
