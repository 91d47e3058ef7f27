/** What the pull-request worker needs of the database, as one narrow port. The queries live in `db/queries/git-sync`. */
import type { PullRequest } from "@/lib/gitproviders/port";

/** What a chat follows: a branch of a remote, or a pull request by its address. */
export type GitReference = { branch: string; origin: string; url: string | null };

/** A reference that this worker may look at until its lease ends. */
export type ClaimedReference = GitReference & {
  chatId: string;
  ownerId: string;
  rootChatId: string | null;
  repositoryKey: string;
  /** The claim's own time; a reference that was marked again meanwhile has another. */
  lease: string;
  /** Something happened there: it was marked, not merely due. */
  isHinted: boolean;
  /** Milliseconds since the last push or link; null when there was none. */
  sincePushMs: number | null;
  /** As last seen, for telling what changed; null before the first look. */
  known: KnownPullRequest | null;
  syncError: string | null;
};

export type KnownPullRequest = PullRequest;

export type SyncOutcome = {
  /** Undefined: stays as it is. Null: there is none. */
  pullRequest?: PullRequest | null;
  /** For a person; null after a good look. */
  syncError: string | null;
  dueInMs: number;
};

export type SyncStore = {
  /** Up to `limit` due references, oldest first, none that another worker holds. `more`: others may be due. */
  claim(options: { limit: number }): Promise<{ references: ClaimedReference[]; more: boolean }>;
  /** Writes the outcome unless the reference changed meanwhile; false then. Never moves a chat's `updated_at`. */
  save(reference: ClaimedReference, outcome: SyncOutcome): Promise<boolean>;
  /** Milliseconds until the scope may ask its host again; 0 when it may. */
  findLimitMs(options: { scope: string }): Promise<number>;
  saveLimit(options: { scope: string; waitMs: number }): Promise<void>;
};
