"use client";

import { ChatIcon, pullRequestLook } from "@/components/agents-sidebar/chat-icon";
import type { Chat, PullRequestChecks } from "@/lib/contract/chats";
import { formatPlural } from "@/lib/format";
import { GIT_TAB } from "../right-panel/panel-tabs";
import { usePanelOpener } from "../right-panel/right-panel";

/** The chat's pull request in its top bar; pressed, the panel shows it. */
export function PullRequestChip({ chat }: { chat: Chat }) {
  const opener = usePanelOpener({ chat, tabId: GIT_TAB });
  const { diff_status: diff } = chat;
  const look = pullRequestLook(diff);
  if (!look || !diff) return null;
  const note = diff.pull_request_state === "open" ? describeOpenChecks(diff.checks) : null;
  return (
    <button
      type="button"
      title={diff.pull_request_title ?? undefined}
      {...opener.handlers}
      onClick={opener.open}
      className="inline-flex h-(--control-md) shrink-0 items-center gap-1.5 whitespace-nowrap rounded-sm border border-line-2 bg-raised pr-2.5 pl-2 font-medium text-ink text-sm shadow-control hover:bg-hover active:bg-active max-sm:h-9"
    >
      <ChatIcon look={look} />
      <span>{diff.pr_number ? `#${diff.pr_number}` : look.label}</span>
      {note ? <span className="font-regular text-ink-3 max-md:hidden">{note}</span> : null}
    </button>
  );
}

/** What is not well yet; checks that passed need no words. */
function describeOpenChecks(checks: PullRequestChecks | null | undefined): string | null {
  if (!checks) return null;
  if (checks.failed > 0) return `${formatPlural(checks.failed, "check")} failed`;
  return checks.pending > 0 ? `${formatPlural(checks.pending, "check")} left` : null;
}
