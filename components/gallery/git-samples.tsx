"use client";

import { type ReactNode, useState } from "react";
import type { DiffStatus } from "@/lib/contract/chats";
import type { RewindPreview } from "@/lib/contract/rewind";
import type { WorkingTree } from "@/lib/contract/working-tree";
import { RewindEffects } from "../chat/rewind-dialog";
import type { DiffMode } from "../git-panel/diff/diff-items";
import { DiffViewer } from "../git-panel/diff/diff-viewer";
import { parsePatch } from "../git-panel/diff/parse-patch";
import { FinishedBanner } from "../git-panel/finished-banner";
import { PullRequestChip } from "../git-panel/pull-request-chip";
import { PullRequestHead } from "../git-panel/pull-request-head";
import { NothingLinked, SyncError } from "../git-panel/pull-request-view";
import { EMPTY_REVIEW, reduceReview } from "../git-panel/review/review-draft";
import type { WorkingTrees } from "../git-panel/use-working-trees";
import { WorkingTreeView } from "../git-panel/working-tree-view";
import { Sample, SampleSection } from "./sample";
import { sampleChat } from "./sample-chats";

const FILES = parsePatch(`diff --git a/src/webhooks/deliver.ts b/src/webhooks/deliver.ts
--- a/src/webhooks/deliver.ts
+++ b/src/webhooks/deliver.ts
@@ -40,6 +40,10 @@ deliverNext(endpointId: string)
 return db.transaction(async (tx) => {
   const job = await claim(tx, id);
-  const res = await post(job);
-  if (!res.ok) return fail(tx, id);
+  const res = await post(job, limits);
+  if (res.ok) return done(tx, id);
+  const tries = job.attempt + 1;
+  if (tries > MAX) return fail(tx, id);
+  const wait = jitter(BASE_MS, tries);
+  await postpone(tx, { id, wait, reason: "the endpoint answered with something else than a success" });
   return job.id;
 });
diff --git a/src/webhooks/backoff.ts b/src/webhooks/backoff.ts
new file mode 100644
--- /dev/null
+++ b/src/webhooks/backoff.ts
@@ -0,0 +1,3 @@
+export function jitter(baseMs: number, tries: number): number {
+  return Math.random() * Math.min(60_000, baseMs * 2 ** tries);
+}
diff --git a/docs/delivery.png b/docs/delivery.png
index 1..2 100644
Binary files a/docs/delivery.png and b/docs/delivery.png differ
diff --git a/lib/old-name.ts b/lib/new-name.ts
similarity index 100%
rename from lib/old-name.ts
rename to lib/new-name.ts
diff --git a/package-lock.json b/package-lock.json
--- a/package-lock.json
+++ b/package-lock.json
@@ -1,1 +1,2100 @@
${Array.from({ length: 2_100 }, (_, index) => `+    "node_modules/package-${index}": {}`).join("\n")}
`);

const pull = (fields: Partial<DiffStatus>): DiffStatus => ({
  url: "https://git.example.test/harborline/ferry-api/pull/431",
  pull_request_state: "open",
  pull_request_title: "Retry webhook deliveries with full jitter",
  pull_request_draft: false,
  pr_number: 431,
  head_branch: "slipway/retry-webhooks",
  base_branch: "main",
  author_login: "mara",
  commits: 3,
  additions: 214,
  deletions: 38,
  changed_files: 6,
  ...fields,
});

const PULLS: Record<string, DiffStatus> = {
  open: pull({
    changes_requested: true,
    reviewer_count: 5,
    reviewers: [
      { login: "ada", verdict: "approved" },
      { login: "mira-with-a-rather-long-name", verdict: "changes_requested" },
      { login: "grace", verdict: "commented" },
      { login: "lin", verdict: "dismissed" },
    ],
    checks: { state: "failing", passed: 9, failed: 1, pending: 2 },
  }),
  draft: pull({ pull_request_draft: true, checks: { state: "pending", passed: 9, failed: 0, pending: 2 } }),
  merged: pull({
    pull_request_state: "merged",
    approved: true,
    reviewer_count: 1,
    checks: { state: "passing", passed: 12, failed: 0, pending: 0 },
  }),
  closed: pull({
    pull_request_state: "closed",
    pull_request_title: "A title that\u202e hides what it says, and that is long enough to need a second line",
  }),
};

const noop = () => {};
const chatWith = (diff: DiffStatus | null | undefined) => sampleChat({ id: "git", diff_status: diff ?? null });

const TREE: WorkingTree = {
  root: "/workspace",
  branch: "slipway/retry-webhooks",
  head: "4be1",
  upstream: "origin/slipway/retry-webhooks",
  is_published: false,
  ahead: 2,
  behind: 1,
  remote_origin: "https://git.example.test/harborline/ferry-api.git",
  unified_diff:
    "diff --git a/notes.md b/notes.md\nnew file mode 100644\n--- /dev/null\n+++ b/notes.md\n@@ -0,0 +1 @@\n+Deliveries are retried.\n",
  truncated: false,
  files: [],
  file_count: 1,
  additions: 1,
  deletions: 0,
  removed: false,
  error: null,
};
const NO_TREES: WorkingTrees = { workspace: null, repositories: [], error: null, isReconnecting: false };
const running = { status: "running", message: null } as const;
const TREES: Record<string, Partial<WorkingTrees>> = {
  loading: {},
  "no workspace": { workspace: { status: "none", message: null } },
  stopped: { workspace: { status: "stopped", message: "Start the workspace to see what changed in it." } },
  refused: { error: "There is no such agent, or it belongs to somebody else." },
  changed: { workspace: running, repositories: [TREE] },
  "two repositories, connecting again": {
    workspace: running,
    isReconnecting: true,
    repositories: [
      { ...TREE, file_count: 0, unified_diff: "", additions: 0, ahead: 0, behind: 0 },
      { ...TREE, root: "/workspace/docs", branch: null, error: "git status took longer than 20 s." },
    ],
  },
};

const REWIND: RewindPreview = {
  message_id: 1,
  message_count: 12,
  restores_files: true,
  files_message: null,
  shared_with: [],
  refusal: null,
  can_undo: false,
};
const REWINDS: Record<string, Partial<RewindPreview>> = {
  "with files": {},
  shared: { shared_with: [{ id: "2", title: "Postgres 17 upgrade for staging" }] },
  refused: {
    refusal: "Another agent works in the same workspace. Stop it first.",
    restores_files: false,
    files_message: "Nothing is known of the files at that time, so they stay as they are.",
  },
};

export function GitSamples() {
  return (
    <SampleSection title="Git panel">
      <Sample name="Chips">
        <div className="flex flex-wrap gap-2">
          {Object.entries(PULLS).map(([name, diff]) => (
            <PullRequestChip key={name} chat={chatWith(diff)} />
          ))}
        </div>
      </Sample>
      {Object.entries(PULLS).map(([name, diff]) => (
        <Sample key={name} name={`Pull request, ${name}`}>
          <Framed>
            <PullRequestHead diff={diff} />
          </Framed>
        </Sample>
      ))}
      <Sample name="Nothing linked">
        <Framed>
          <NothingLinked bar={() => null} onLink={() => {}} />
        </Framed>
      </Sample>
      <Sample name="Host refused">
        <SyncError text="https://git.example.test answered 401: the token of mara is not valid any longer." />
      </Sample>
      <Sample name="Merged, with and without a workspace">
        <FinishedBanner chat={chatWith(PULLS.merged)} hasWorkspace />
        <FinishedBanner chat={chatWith(PULLS.closed)} hasWorkspace={false} />
      </Sample>
      {Object.entries(TREES).map(([name, trees]) => (
        <Sample key={name} name={`Working tree, ${name}`}>
          <Framed>
            <div className="flex h-80 flex-col">
              <WorkingTreeView
                chat={chatWith(null)}
                trees={{ ...NO_TREES, ...trees, retry: noop, refresh: async () => {} }}
                mode="unified"
                review={null}
                bar={() => null}
                onOpened={noop}
              />
            </div>
          </Framed>
        </Sample>
      ))}
      {Object.entries(REWINDS).map(([name, preview]) => (
        <Sample key={name} name={`Rewind, ${name}`}>
          <div className="grid gap-3">
            <RewindEffects preview={{ ...REWIND, ...preview }} />
          </div>
        </Sample>
      ))}
      {(["unified", "split"] as const).map((mode) => (
        <Sample key={mode} name={`Diff, ${mode}`} isWide>
          <DiffSample mode={mode} />
        </Sample>
      ))}
    </SampleSection>
  );
}

function Framed({ children }: { children: ReactNode }) {
  return <div className="overflow-hidden rounded-md border border-line">{children}</div>;
}

const PLACE = { source: "pull", path: "src/webhooks/deliver.ts", side: "new", startLine: 46, endLine: 46 } as const;

function DiffSample({ mode }: { mode: DiffMode }) {
  const [draft, setDraft] = useState({
    ...EMPTY_REVIEW,
    comments: [{ ...PLACE, id: "1", text: "Cap this at 60 s. At try 8 the mean is already 64 s.", code: "" }],
    open: { ...PLACE, id: null, startLine: 42, endLine: 43, text: "" },
  } as typeof EMPTY_REVIEW);
  const review = {
    draft,
    dispatch: (action: Parameters<typeof reduceReview>[1]) => setDraft(reduceReview(draft, action)),
  };
  return (
    <div className="flex h-160 max-w-160 flex-col overflow-hidden rounded-md border border-line">
      <DiffViewer
        label={`Sample diff, ${mode}`}
        chatId={`sample-${mode}`}
        source="pull"
        files={FILES}
        mode={mode}
        review={review}
      />
    </div>
  );
}
