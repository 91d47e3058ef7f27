"use client";

import {
  ArrowLeft,
  Check,
  CircleCheck,
  CircleDashed,
  CircleX,
  Copy,
  ExternalLink,
  type LucideIcon,
  MessageSquare,
  MessageSquareDiff,
  MessageSquareOff,
} from "lucide-react";
import type { ReactNode } from "react";
import { pullRequestLook } from "@/components/agents-sidebar/chat-icon";
import type { DiffStatus, PullRequestChecks, Reviewer, ReviewVerdict } from "@/lib/contract/chats";
import { formatPlural } from "@/lib/format";
import { revealHidden } from "../chat/hidden-characters";
import { Button } from "../ui/button";
import { IconButton } from "../ui/icon-button";
import { RelativeTime } from "../ui/relative-time";
import { useCopy } from "../ui/use-copy";

type PullRequestHeadProps = { diff: DiffStatus; menu?: ReactNode; children?: ReactNode };

/** What the host says of the pull request: title, state, branches, reviews, checks. */
export function PullRequestHead({ diff, menu, children }: PullRequestHeadProps) {
  const look = pullRequestLook(diff);
  if (!look) return null;
  const Icon = look.icon;
  return (
    <section aria-label="Pull request" className="border-line border-b py-3 pr-4 pl-4">
      <div className="flex items-start gap-2">
        <Icon aria-hidden className={`mt-1 ${look.color}`} />
        <h2 className="wrap-anywhere min-w-0 flex-1 self-center font-semibold text-ink text-lg leading-5">
          <bdi>{revealHidden(diff.pull_request_title || "Pull request")}</bdi>{" "}
          {diff.pr_number ? <span className="font-regular text-ink-3">#{diff.pr_number}</span> : null}
        </h2>
        <span className="flex shrink-0 items-center gap-1">
          {diff.url ? (
            <Button asChild>
              <a href={diff.url} target="_blank" rel="noreferrer">
                <span className="max-sm:hidden">{openLabel(diff.url)}</span>
                <span className="sm:hidden">Open</span>
                <ExternalLink aria-hidden className="size-3.5" />
              </a>
            </Button>
          ) : null}
          {menu}
        </span>
      </div>
      <div className="pl-6">
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-ink-3 text-sm">
          <span className={look.color}>{look.label}</span>
          {diff.author_login ? <span>by {diff.author_login}</span> : null}
          {diff.commits ? <span>{formatPlural(diff.commits, "commit")}</span> : null}
          {diff.refreshed_at ? (
            <span>
              Read <RelativeTime at={diff.refreshed_at} />
            </span>
          ) : null}
        </p>
        <BranchNames base={diff.base_branch} head={diff.head_branch ?? diff.git_branch} />
        <Verdicts diff={diff} />
        {children}
      </div>
    </section>
  );
}

const openLabel = (url: string): string =>
  URL.canParse(url) && new URL(url).hostname === "github.com" ? "Open on GitHub" : "Open pull request";

/** `main ← slipway/retry-webhooks`, and a button that copies the second. */
export function BranchNames({ base, head }: { base?: string | null; head?: string | null }) {
  const { isCopied, copy } = useCopy();
  if (!head) return null;
  return (
    <p className="mt-1 flex flex-wrap items-center gap-1.5 text-sm">
      {base ? (
        <>
          <code className="wrap-anywhere text-ink-3">{revealHidden(base)}</code>
          <ArrowLeft aria-label="takes" className="size-3.5 text-ink-3" />
        </>
      ) : null}
      {/* The button stays beside a name of several lines. */}
      <span className="flex min-w-0 items-center gap-1.5">
        <code className="wrap-anywhere text-ink">{revealHidden(head)}</code>
        <IconButton
          size="sm"
          icon={isCopied ? Check : Copy}
          label={isCopied ? "Copied" : "Copy branch name"}
          onClick={() => copy(head)}
        />
      </span>
    </p>
  );
}

/** Reviews and checks, folded, and below them who said what. */
function Verdicts({ diff }: { diff: DiffStatus }) {
  const { approved, changes_requested: changesRequested, reviewer_count: reviewers, checks } = diff;
  const named = diff.reviewers ?? [];
  return (
    <>
      <ul className="mt-1.5 flex flex-wrap gap-x-4 gap-y-1 text-ink-2 text-sm">
        {changesRequested ? <Verdict icon={MessageSquareDiff} color="text-warning" text="Changes requested" /> : null}
        {approved && !changesRequested ? <Verdict icon={CircleCheck} color="text-success" text="Approved" /> : null}
        {reviewers && named.length === 0 ? <li className="text-ink-3">{formatPlural(reviewers, "reviewer")}</li> : null}
        {!reviewers && !approved && !changesRequested ? <li className="text-ink-3">No reviews yet</li> : null}
        {checks ? <Checks checks={checks} /> : null}
      </ul>
      {named.length > 0 ? <Reviewers reviewers={named} count={reviewers ?? named.length} /> : null}
    </>
  );
}

const REVIEWS = {
  approved: { icon: CircleCheck, color: "text-success", says: "approved" },
  changes_requested: { icon: MessageSquareDiff, color: "text-warning", says: "asks for changes" },
  dismissed: { icon: MessageSquareOff, color: "text-ink-3", says: "review dismissed" },
  commented: { icon: MessageSquare, color: "text-ink-3", says: "commented" },
} satisfies Record<ReviewVerdict, { icon: LucideIcon; color: string; says: string }>;

function Reviewers({ reviewers, count }: { reviewers: readonly Reviewer[]; count: number }) {
  const rest = count - reviewers.length;
  return (
    <ul aria-label="Reviewers" className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {reviewers.map(({ login, verdict }) => {
        const { icon: Icon, color, says } = REVIEWS[verdict];
        return (
          <li key={login} className="flex min-w-0 items-center gap-1.5">
            <Icon aria-hidden className={`size-3.5 shrink-0 ${color}`} />
            <bdi className="truncate text-ink">{revealHidden(login)}</bdi>
            <span className="shrink-0 text-ink-3">{says}</span>
          </li>
        );
      })}
      {rest > 0 ? <li className="text-ink-3">{rest} more</li> : null}
    </ul>
  );
}

function Checks({ checks }: { checks: PullRequestChecks }) {
  const { failed, passed, pending } = checks;
  if (failed + passed + pending === 0) return null;
  const rest = [passed > 0 ? `${passed} passed` : null, pending > 0 ? `${pending} running` : null].filter(
    (text) => text !== null,
  );
  if (failed > 0) {
    return (
      <>
        <Verdict icon={CircleX} color="text-danger" text={`${formatPlural(failed, "check")} failed`} />
        {rest.length > 0 ? <li className="text-ink-3">{rest.join(", ")}</li> : null}
      </>
    );
  }
  if (pending > 0) return <Verdict icon={CircleDashed} color="text-ink-3" text={`Checks: ${rest.join(", ")}`} />;
  return <Verdict icon={CircleCheck} color="text-success" text={`${formatPlural(passed, "check")} passed`} />;
}

function Verdict({ icon: Icon, color, text }: { icon: LucideIcon; color: string; text: string }) {
  return (
    <li className="flex items-center gap-1.5">
      <Icon aria-hidden className={color} />
      {text}
    </li>
  );
}
