"use client";

import { Columns2, Ellipsis, Link2, Link2Off, RefreshCw, Rows2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { pullRequestLook } from "@/components/agents-sidebar/chat-icon";
import type { Chat } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import type { TREE_SOURCES } from "@/lib/contract/working-tree";
import { useStoredChoice } from "../chat/use-stored-choice";
import { PanelActions } from "../right-panel/panel-actions";
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "../ui/dropdown-menu";
import { IconButton } from "../ui/icon-button";
import { Segmented } from "../ui/segmented";
import { toast } from "../ui/toast";
import type { DiffMode } from "./diff/diff-items";
import { KeysButton } from "./diff/keys-button";
import { FinishedBanner } from "./finished-banner";
import { LinkDialog } from "./link-dialog";
import { BranchView, DiffSkeleton, NothingLinked, PullRequestView } from "./pull-request-view";
import { useReview } from "./review/use-review";
import { ReviewFoot } from "./review-foot";
import { type PanelView, settleView, shownView } from "./shown-view";
import { usePullRequestDiff } from "./use-pull-request-diff";
import { useWorkingTrees } from "./use-working-trees";
import { WorkingTreeView } from "./working-tree-view";

type WorkspaceStatus = (typeof TREE_SOURCES)[number];

/** Of workspaces that nobody can delete any more. */
const GONE: readonly WorkspaceStatus[] = ["none", "deleting", "deleted"];

const MODE_OPTIONS = [
  { value: "unified", label: <ModeLabel icon={Rows2} text="Unified" /> },
  { value: "split", label: <ModeLabel icon={Columns2} text="Split" /> },
] as const;

/** What the agent changed: its pull request on the host, and the repositories of its workspace. */
export function GitPanel({ chat }: { chat: Chat }) {
  const remote = usePullRequestDiff(chat);
  const trees = useWorkingTrees(chat.id);
  const draft = useReview(chat.id);
  const review = chat.archived ? null : draft;
  const [storedMode, chooseMode] = useStoredChoice("slipway.diff-mode");
  const mode: DiffMode = storedMode === "split" ? "split" : "unified";
  const [chosen, chooseView] = useState<PanelView | null>(null);
  const [isLinking, setLinking] = useState(false);
  const changedCount = trees.repositories.reduce((sum, tree) => sum + tree.file_count, 0);
  const view = useShownView({
    chosen,
    isLinked: remote.isLinked,
    hasRepository: trees.repositories.length > 0,
    hasLooked: trees.workspace !== null || trees.error !== null,
  });
  const hasPull = pullRequestLook(chat.diff_status) !== null;

  const bar = (summary: ReactNode) => (
    <div className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-line border-b px-4 py-1.5">
      <span className="mr-auto flex min-w-0 items-center gap-2 text-md">{summary}</span>
      <Segmented
        label="What to show"
        value={view}
        onValueChange={chooseView}
        options={[
          { value: "remote", label: hasPull ? "Pull request" : "Branch" },
          { value: "tree", label: changedCount > 0 ? `Working tree ${changedCount}` : "Working tree" },
        ]}
      />
      <span className="flex items-center gap-1 max-sm:hidden">
        <KeysButton />
        <Segmented label="How to show it" value={mode} onValueChange={chooseMode} options={MODE_OPTIONS} />
      </span>
    </div>
  );
  const menu = chat.archived ? null : <LinkMenu chat={chat} onLink={() => setLinking(true)} />;
  const parts = { chat, remote, mode, review, bar, menu };
  const hasWorkspace = trees.workspace !== null && !GONE.includes(trees.workspace.status);

  return (
    <>
      <PanelActions>
        <RefreshButton chat={chat} refreshTrees={trees.refresh} refreshDiff={() => remote.query.refetch()} />
      </PanelActions>
      {view === null ? (
        <>
          {bar(null)}
          <DiffSkeleton />
        </>
      ) : null}
      {view === "tree" ? (
        <WorkingTreeView
          chat={chat}
          mode={mode}
          review={review}
          bar={bar}
          trees={trees}
          onOpened={() => chooseView("remote")}
        />
      ) : null}
      {view === "remote" && hasPull ? (
        <PullRequestView {...parts} banner={<FinishedBanner chat={chat} hasWorkspace={hasWorkspace} />} />
      ) : null}
      {view === "remote" && !hasPull && remote.isLinked ? <BranchView {...parts} /> : null}
      {view === "remote" && !remote.isLinked ? (
        <NothingLinked bar={bar} onLink={chat.archived ? undefined : () => setLinking(true)} />
      ) : null}
      {review ? <ReviewFoot chat={chat} review={review} /> : null}
      {isLinking ? <LinkDialog chat={chat} onClose={() => setLinking(false)} /> : null}
    </>
  );
}

type ShownOptions = { chosen: PanelView | null; isLinked: boolean; hasRepository: boolean; hasLooked: boolean };

/** Decided while drawing: no frame shows the one side before the other. */
function useShownView({ chosen, hasLooked, ...facts }: ShownOptions) {
  const [before, settle] = useState<PanelView | null>(null);
  const settled = settleView(before, facts);
  if (settled !== before) settle(settled);
  return shownView({ chosen, settled, hasLooked });
}

function ModeLabel({ icon: Icon, text }: { icon: typeof Rows2; text: string }) {
  return (
    <span title={text}>
      <Icon aria-hidden />
      <span className="hidden-text">{text}</span>
    </span>
  );
}

type RefreshProps = { chat: Chat; refreshTrees: () => Promise<void>; refreshDiff: () => Promise<unknown> };

/** Asks the host and the workspace now, rather than when they are looked at next. */
function RefreshButton({ chat, refreshTrees, refreshDiff }: RefreshProps) {
  const [isBusy, setBusy] = useState(false);
  async function refresh() {
    setBusy(true);
    const { diff_status: diff } = chat;
    // Naming again what is followed has the host read at once.
    const again = diff?.url ? { url: diff.url } : diff?.git_branch ? { git_branch: diff.git_branch } : null;
    const results = await Promise.allSettled([
      again && !chat.archived ? gitClient.link(chat.id, again).then(refreshDiff) : null,
      chat.workspace_id ? refreshTrees() : null,
    ]);
    const failed = results.find((result) => result.status === "rejected");
    if (failed) toast.error(errorText(failed.reason), { id: "git-refresh" });
    setBusy(false);
  }
  return (
    <IconButton
      icon={RefreshCw}
      label="Refresh"
      busy={isBusy}
      onClick={() => void refresh()}
      className="max-sm:size-11"
    />
  );
}

function LinkMenu({ chat, onLink }: { chat: Chat; onLink: () => void }) {
  const unlink = () => {
    gitClient.link(chat.id, { url: null }).catch((error: unknown) => toast.error(errorText(error), { id: "git-link" }));
  };
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <IconButton icon={Ellipsis} label="What the agent follows" className="max-sm:size-11" />
      </DropdownMenuTrigger>
      <DropdownMenuContent aria-label="What the agent follows">
        <DropdownMenuItem icon={Link2} onSelect={onLink}>
          Link another pull request
        </DropdownMenuItem>
        {chat.diff_status?.url ? (
          <DropdownMenuItem icon={Link2Off} onSelect={unlink}>
            Unlink this one
          </DropdownMenuItem>
        ) : null}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
