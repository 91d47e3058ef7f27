/** The workspace's repositories as they go over the wire: what changed, commit, push, pull request. For browser and server. */
import { z } from "zod";
import { BUILD_STATUSES } from "./workspaces";

export const FILE_CHANGES = [
  "added",
  "modified",
  "deleted",
  "renamed",
  "copied",
  "type_changed",
  "conflicted",
  "untracked",
] as const;
export type FileChange = (typeof FILE_CHANGES)[number];

export const changedFileSchema = z.object({
  /** Below the repository's root. */
  path: z.string(),
  /** Of a renamed or copied file. */
  old_path: z.string().nullable(),
  change: z.enum(FILE_CHANGES),
  /** Null for a binary file, and for one that was too large to compare. */
  additions: z.number().int().nullable(),
  deletions: z.number().int().nullable(),
  binary: z.boolean(),
});
export type ChangedFile = z.infer<typeof changedFileSchema>;

/** One repository of a workspace against its last commit: staged or not, untracked files included, ignored ones not. */
export const workingTreeSchema = z.object({
  /** The folder inside the workspace, such as `/workspace`. */
  root: z.string(),
  /** Null while no branch is checked out. */
  branch: z.string().nullable(),
  /** The last commit; null before the first. */
  head: z.string().nullable(),
  /** The remote's branch that it follows, such as `origin/main`; null without one. */
  upstream: z.string().nullable(),
  /** Some branch of a remote has the last commit, as far as this side knows. */
  is_published: z.boolean(),
  /** Commits that only this side has, and only the upstream; null without one. */
  ahead: z.number().int().nullable(),
  behind: z.number().int().nullable(),
  remote_origin: z.string().nullable(),
  /** At most 4 MiB for all repositories of a workspace; whole files. */
  unified_diff: z.string(),
  /** Files at the diff's end were left out; `files` names them. */
  truncated: z.boolean(),
  /** In order of path, at most 10,000. */
  files: z.array(changedFileSchema),
  /** Of all changed files, also where `files` ends early. */
  file_count: z.number().int(),
  additions: z.number().int(),
  deletions: z.number().int(),
  /** It was there and is gone; everything else is empty then. */
  removed: z.boolean(),
  /** Why git could not tell, for a person. */
  error: z.string().nullable(),
});
export type WorkingTree = z.infer<typeof workingTreeSchema>;

/** `none`: the chat has no workspace yet, or it was deleted. */
export const TREE_SOURCES = ["none", ...BUILD_STATUSES] as const;

/**
 * `changes` of `GET /chats/{chat}/git`. The first event holds every repository; a later one those that changed, whole,
 * and those that are gone with `removed`.
 */
export const gitChangesSchema = z.object({
  type: z.literal("changes"),
  workspace: z.object({
    status: z.enum(TREE_SOURCES),
    /** Why there is nothing to see, for a person; null while it runs. */
    message: z.string().nullable(),
  }),
  repositories: z.array(workingTreeSchema),
});
export type GitChanges = z.infer<typeof gitChangesSchema>;

const noNul = (text: string) => !text.includes("\0");
/** As in `WorkingTree`; absent where the workspace has one repository, or one at its top. */
const repositoryPath = z.string().min(1).max(4096).refine(noNul, "Must not contain NUL characters.");

export const commitSchema = z.strictObject({
  repository: repositoryPath.optional(),
  /** Any lines. */
  message: z
    .string()
    .trim()
    .min(1, "Say what the commit does.")
    .max(65_536, "At most 65,536 characters.")
    .refine(noNul, "Must not contain NUL characters."),
});
export type CommitRequest = z.input<typeof commitSchema>;

export const committedSchema = z.object({
  repository: z.string(),
  branch: z.string(),
  /** The branch was made for it, since the one before may not be pushed. */
  branch_created: z.boolean(),
  commit_id: z.string(),
  changed_files: z.number().int(),
});
export type Committed = z.infer<typeof committedSchema>;

export const pushSchema = z.strictObject({ repository: repositoryPath.optional() }).default({});
export type PushRequest = z.input<typeof pushSchema>;

export const pushedSchema = z.object({
  repository: z.string(),
  branch: z.string(),
  remote_origin: z.string(),
  commit_id: z.string(),
  /** The host had everything. */
  up_to_date: z.boolean(),
});
export type Pushed = z.infer<typeof pushedSchema>;

/** GitHub takes 256 characters and 65,536 (2026-11); others take more. */
const pullRequestTitle = z
  .string()
  .trim()
  .min(1)
  .max(256, "At most 256 characters.")
  .refine((text) => !/[\0\r\n]/.test(text), "Must be one line.");
const pullRequestBody = z
  .string()
  .max(65_536, "At most 65,536 characters.")
  .refine(noNul, "Must not contain NUL characters.");

export const createPullRequestSchema = z
  .strictObject({
    /** Absent: as the agent proposes. */
    title: pullRequestTitle.optional(),
    body: pullRequestBody.optional(),
    draft: z.boolean().default(true),
  })
  .default({ draft: true });
export type CreatePullRequestRequest = z.input<typeof createPullRequestSchema>;

export const createdPullRequestSchema = z.object({
  url: z.string(),
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  draft: z.boolean(),
});
export type CreatedPullRequest = z.infer<typeof createdPullRequestSchema>;

export const pullRequestProposalSchema = z.object({
  title: z.string(),
  body: z.string(),
  /** False: no model answered, so that the chat's own words stand in. */
  by_model: z.boolean(),
});
export type PullRequestProposal = z.infer<typeof pullRequestProposalSchema>;

/** Rounds of comments and checks that a chat answers before a person is asked. */
export const MAX_FEEDBACK_ROUNDS = 5;

/** Whether the pull request's comments and failed checks wake the chat. */
export const feedbackSchema = z.object({
  /** What holds: the chat's own choice, else its template's. */
  enabled: z.boolean(),
  /** The chat's own choice; null: as the template says. */
  chosen: z.boolean().nullable(),
  /** Since a person last wrote. */
  rounds: z.number().int(),
  max_rounds: z.number().int(),
});
export type Feedback = z.infer<typeof feedbackSchema>;

export const cleanUpSchema = z
  .strictObject({
    /** Also when work was not pushed. */
    force: z.boolean().default(false),
  })
  .default({ force: false });
export type CleanUpRequest = z.input<typeof cleanUpSchema>;

/** Beside the code of a refusal that `force` overrides: what would be lost, a line for each repository. */
export const unsavedWorkSchema = z.object({ unsaved: z.array(z.string()).min(1) });
