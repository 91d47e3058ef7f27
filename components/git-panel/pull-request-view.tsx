"use client";

import { GitPullRequestDraft, Link2 } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import { formatPlural } from "@/lib/format";
import { DiffCount } from "../chat/tools/unified-diff";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { EmptyState } from "../ui/empty-state";
import { Link } from "../ui/link";
import { Skeleton, SkeletonFrame } from "../ui/skeleton";
import type { DiffMode } from "./diff/diff-items";
import { DiffViewer } from "./diff/diff-viewer";
import type { PatchFile } from "./diff/parse-patch";
import { FeedbackToggle } from "./feedback-toggle";
import { HostWait } from "./host-wait";
import { BranchNames, PullRequestHead } from "./pull-request-head";
import type { Review } from "./review/use-review";
import type { usePullRequestDiff } from "./use-pull-request-diff";

const OpenPullRequestDialog = lazy(async () => ({
  default: (await import("./open-pull-request-dialog")).OpenPullRequestDialog,
}));

export type ViewParts = {
  chat: Chat;
  remote: ReturnType<typeof usePullRequestDiff>;
  mode: DiffMode;
  review: Review | null;
  /** The row between head and diff, with the view's own summary in it. */
  bar: (summary: ReactNode) => ReactNode;
  menu: ReactNode;
};

/** The chat's pull request with its diff. */
export function PullRequestView({ chat, remote, mode, review, bar, menu, banner }: ViewParts & { banner: ReactNode }) {
  const { diff_status: diff } = chat;
  if (!diff) return null;
  return (
    <>
      <PullRequestHead diff={diff} menu={menu}>
        {diff.pull_request_state === "open" ? <FeedbackToggle chat={chat} /> : null}
      </PullRequestHead>
      {banner}
      <SyncError text={diff.sync_error} />
      <RemoteDiff
        chatId={chat.id}
        remote={remote}
        mode={mode}
        review={review}
        bar={bar}
        emptyText="The pull request changes no file."
      />
    </>
  );
}

/** A branch on the host that has no pull request yet. */
export function BranchView({ chat, remote, mode, review, bar, menu }: ViewParts) {
  const { diff_status: diff } = chat;
  return (
    <>
      <section aria-label="Branch" className="flex flex-wrap items-start gap-2 border-line border-b px-4 py-3">
        <div className="min-w-0 flex-1 basis-40">
          <h2 className="font-semibold text-ink text-lg leading-5">No pull request yet</h2>
          <BranchNames head={diff?.git_branch} />
        </div>
        {diff?.git_branch && !chat.archived ? <OpenButton chatId={chat.id} /> : null}
        {menu}
      </section>
      <SyncError text={diff?.sync_error} />
      <RemoteDiff
        chatId={chat.id}
        remote={remote}
        mode={mode}
        review={review}
        bar={bar}
        emptyText="The branch has nothing that the default branch lacks."
      />
    </>
  );
}

function OpenButton({ chatId }: { chatId: string }) {
  const [isOpening, setOpening] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<GitPullRequestDraft aria-hidden />} onClick={() => setOpening(true)}>
        Open pull request
      </Button>
      <Suspense>
        {isOpening ? <OpenPullRequestDialog chatId={chatId} onClose={() => setOpening(false)} /> : null}
      </Suspense>
    </>
  );
}

type NothingLinkedProps = { bar: ViewParts["bar"]; onLink: (() => void) | undefined };

export function NothingLinked({ bar, onLink }: NothingLinkedProps) {
  return (
    <>
      {bar(null)}
      <div className="p-4">
        <EmptyState
          title="No branch and no pull request yet"
          hint="Once the agent pushes a branch, it shows here with its pull request."
          action={
            onLink ? (
              <Button icon={<Link2 aria-hidden />} onClick={onLink}>
                Link a pull request
              </Button>
            ) : undefined
          }
        />
      </div>
    </>
  );
}

/** Why the host could not be read the last time. */
export function SyncError({ text }: { text: string | null | undefined }) {
  if (!text) return null;
  return (
    <Callout tone="warning" className="mx-4 my-3" title="What is shown may be old" actions={<AccountsLink />}>
      {text}
    </Callout>
  );
}

function AccountsLink() {
  return (
    <Button asChild size="sm">
      <Link href="/settings/git">Git accounts</Link>
    </Button>
  );
}

type RemoteDiffProps = Pick<ViewParts, "remote" | "mode" | "review" | "bar"> & { chatId: string; emptyText: string };

function RemoteDiff({ chatId, remote, mode, review, bar, emptyText }: RemoteDiffProps) {
  const { query, files } = remote;
  if (!files) {
    return (
      <>
        {bar(null)}
        {query.isError ? (
          <Callout
            tone="danger"
            className="m-4"
            title="The diff did not load"
            actions={
              <>
                <Button size="sm" busy={query.isFetching} onClick={() => void query.refetch()}>
                  Try again
                </Button>
                <AccountsLink />
              </>
            }
          >
            {errorText(query.error)}
          </Callout>
        ) : (
          <>
            <HostWait />
            <DiffSkeleton />
          </>
        )}
      </>
    );
  }
  return (
    <>
      {bar(<DiffSummary files={files} />)}
      {query.isError ? (
        <Callout tone="warning" className="mx-4 my-3" title="The diff may be old">
          {errorText(query.error)}
        </Callout>
      ) : null}
      {query.data?.truncated ? <TruncatedNote /> : null}
      {files.length === 0 ? (
        <p className="p-4 text-ink-3">{emptyText}</p>
      ) : (
        <DiffViewer
          label="Changes of the pull request"
          chatId={chatId}
          source="pull"
          files={files}
          mode={mode}
          review={review}
        />
      )}
    </>
  );
}

/** `6 files +214 −38`. */
export function DiffSummary({ files }: { files: readonly PatchFile[] }) {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return (
    <>
      <span className="whitespace-nowrap font-medium text-ink">{formatPlural(files.length, "file")}</span>
      <span className="text-sm">
        <DiffCount additions={additions} deletions={deletions} />
      </span>
    </>
  );
}

export function TruncatedNote() {
  return (
    <Callout
      tone="warning"
      className="mx-4 my-3"
      title="The diff is larger than 4 MiB: files at its end are left out"
    />
  );
}

export function DiffSkeleton() {
  return (
    <SkeletonFrame label="Loading the diff" className="grid gap-3 p-4">
      <Skeleton className="h-3 w-3/5" />
      <Skeleton className="h-3 w-2/5" />
      <Skeleton className="h-3 w-1/2" />
      <Skeleton className="mt-2 h-40 w-full rounded-md" />
    </SkeletonFrame>
  );
}
