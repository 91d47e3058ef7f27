/** What reviewers and checks say, put together alike for every host. Asks only who may write. */
import type { CheckOutcome } from "./fold";
import type { PullRequestComment, PullRequestFeedback } from "./port";

/** A check as a host tells of it. */
export type SeenCheck = { name: string; outcome: CheckOutcome; summary: string; url: string | null };

/** A comment before it is known whether its author may write; a program never counts as one who may. */
export type SaidComment = Omit<PullRequestComment, "canWrite"> & { isPerson: boolean };

type Feedback = {
  said: readonly SaidComment[];
  checks: readonly SeenCheck[];
  baseChecks: readonly SeenCheck[];
  /** Asked once for each author. */
  mayWrite: (author: string) => Promise<boolean>;
};

/** Comments oldest first, without empty ones; failed checks without those that fail on the base branch too. */
export async function toFeedback({ said, checks, baseChecks, mayWrite }: Feedback): Promise<PullRequestFeedback> {
  const asked = new Map<string, Promise<boolean>>();
  const askOnce = (author: string): Promise<boolean> => {
    const answer = asked.get(author) ?? mayWrite(author);
    asked.set(author, answer);
    return answer;
  };
  const spoken = said.filter(({ body }) => body.trim() !== "");
  const comments = await Promise.all(
    spoken.map(async ({ key, author, isPerson, body, path, line, createdAt }): Promise<PullRequestComment> => {
      const canWrite = isPerson && (await askOnce(author));
      return { key, author, canWrite, body, path, line, createdAt };
    }),
  );
  const broken = new Set(baseChecks.flatMap(({ name, outcome }) => (outcome === "failed" ? [name] : [])));
  return {
    comments: comments.sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
    failedChecks: checks
      .filter(({ name, outcome }) => outcome === "failed" && !broken.has(name))
      .map(({ name, summary, url }) => ({ name, summary, url })),
  };
}

/** The words of a decisive review; empty for one that says nothing. */
export const reviewText = (isAskingForChanges: boolean, body: string): string =>
  isAskingForChanges ? `Changes requested. ${body}`.trim() : body;
