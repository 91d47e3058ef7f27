"use client";

import { GitBranch } from "lucide-react";
import { type ReactNode, useState } from "react";
import type { TREE_SOURCES, WorkingTree } from "@/lib/contract/working-tree";
import { formatPlural } from "@/lib/format";
import { DiffCount } from "../chat/tools/unified-diff";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { EmptyState } from "../ui/empty-state";
import { Select } from "../ui/select";
import { DiffViewer } from "./diff/diff-viewer";
import { usePatch } from "./diff/use-patch";
import { BranchNames } from "./pull-request-head";
import { DiffSkeleton, TruncatedNote, type ViewParts } from "./pull-request-view";
import { settleRoot } from "./shown-view";
import { TreeActions } from "./tree-actions";
import type { useWorkingTrees } from "./use-working-trees";

type Props = Omit<ViewParts, "remote" | "menu"> & {
  trees: ReturnType<typeof useWorkingTrees>;
  /** A pull request is open now. */
  onOpened: () => void;
};

/** What the agent changed in its workspace and did not commit, one repository at a time, live. */
export function WorkingTreeView({ chat, trees, bar, mode, review, onOpened }: Props) {
  const [chosenRoot, chooseRoot] = useState<string | null>(null);
  const [settledRoot, settle] = useState<string | null>(null);
  const { repositories } = trees;
  const root = settleRoot(settledRoot, repositories);
  if (root !== settledRoot) settle(root);
  const tree =
    repositories.find((each) => each.root === chosenRoot) ??
    repositories.find((each) => each.root === root) ??
    repositories[0];
  if (!tree) {
    return (
      <>
        {bar(null)}
        <NoTree trees={trees} />
      </>
    );
  }
  return (
    <>
      <TreeHead
        tree={tree}
        actions={chat.archived ? null : <TreeActions chat={chat} tree={tree} onOpened={onOpened} />}
      />
      {repositories.length > 1 ? (
        <div className="border-line border-b px-4 py-2">
          <Select
            label="Repository"
            value={tree.root}
            onValueChange={chooseRoot}
            options={repositories.map(({ root, file_count }) => ({
              value: root,
              label: file_count > 0 ? `${root} (${file_count})` : root,
            }))}
          />
        </div>
      ) : null}
      {trees.isReconnecting ? (
        <p role="status" className="px-4 pt-2 text-ink-3 text-sm">
          Connecting again. What is shown may be old.
        </p>
      ) : null}
      <TreeChanges key={tree.root} chatId={chat.id} tree={tree} bar={bar} mode={mode} review={review} />
    </>
  );
}

function TreeHead({ tree, actions }: { tree: WorkingTree; actions: ReactNode }) {
  const { upstream, ahead, behind } = tree;
  return (
    <section
      aria-label="Working tree"
      className="flex flex-wrap items-start gap-x-2 gap-y-2 border-line border-b px-4 py-3"
    >
      <GitBranch aria-hidden className="mt-0.5 text-ink-3" />
      {/* Narrower than this the buttons go below. */}
      <div className="min-w-0 flex-1 basis-56">
        <h2 className="font-semibold text-ink text-lg leading-5">
          {tree.file_count === 0 ? "Nothing to commit" : `${formatPlural(tree.file_count, "file")} not committed`}
        </h2>
        <BranchNames head={tree.branch} />
        <p className="mt-0.5 flex flex-wrap gap-x-3 text-ink-3 text-sm">
          <code>{tree.root}</code>
          {tree.branch === null ? <span>No branch is checked out</span> : null}
          {upstream ? <span>{describeDistance(upstream, ahead ?? 0, behind ?? 0)}</span> : null}
          {!upstream && tree.head ? <span>{tree.is_published ? "Nothing to push" : "Not pushed yet"}</span> : null}
        </p>
      </div>
      {actions}
    </section>
  );
}

/** `2 commits ahead of origin/main, 1 behind`. */
export function describeDistance(upstream: string, ahead: number, behind: number): string {
  if (ahead === 0 && behind === 0) return `Level with ${upstream}`;
  if (ahead === 0) return `${formatPlural(behind, "commit")} behind ${upstream}`;
  const ahead_ = `${formatPlural(ahead, "commit")} ahead of ${upstream}`;
  return behind === 0 ? ahead_ : `${ahead_}, ${behind} behind`;
}

type TreeChangesProps = Pick<Props, "bar" | "mode" | "review"> & { chatId: string; tree: WorkingTree };

function TreeChanges({ chatId, tree, bar, mode, review }: TreeChangesProps) {
  const files = usePatch(tree.unified_diff);
  return (
    <>
      {bar(
        tree.file_count > 0 ? (
          <>
            <span className="whitespace-nowrap font-medium text-ink">{formatPlural(tree.file_count, "file")}</span>
            <span className="text-sm">
              <DiffCount additions={tree.additions} deletions={tree.deletions} />
            </span>
          </>
        ) : null,
      )}
      {tree.error ? (
        <Callout tone="danger" className="mx-4 my-3" title="Git could not tell what changed">
          {tree.error}
        </Callout>
      ) : null}
      {tree.truncated ? <TruncatedNote /> : null}
      {files === null ? <DiffSkeleton /> : null}
      {files && files.length > 0 ? (
        <DiffViewer
          label={`Changes in ${tree.root}`}
          chatId={chatId}
          source={tree.root}
          files={files}
          mode={mode}
          review={review}
        />
      ) : null}
      {files?.length === 0 && !tree.error ? <p className="p-4 text-ink-3">Every change is committed.</p> : null}
    </>
  );
}

type Source = (typeof TREE_SOURCES)[number];

const EMPTY_TITLES: Partial<Record<Source, string>> = {
  none: "No workspace yet",
  running: "No repository in the workspace",
};

function NoTree({ trees }: Pick<Props, "trees">) {
  const { workspace, error } = trees;
  if (error) {
    return (
      <Callout
        tone="danger"
        className="m-4"
        title="The working tree cannot be followed"
        actions={
          <Button size="sm" onClick={trees.retry}>
            Try again
          </Button>
        }
      >
        {error}
      </Callout>
    );
  }
  if (!workspace) return <DiffSkeleton />;
  return (
    <div className="p-4">
      <EmptyState
        title={EMPTY_TITLES[workspace.status] ?? "The workspace does not run"}
        hint={workspace.message ?? "What the agent changes in a git repository shows here as it happens."}
      />
    </div>
  );
}
