"use client";

import clsx from "clsx";
import Link from "next/link";
import { memo } from "react";
import type { Chat } from "@/lib/contract/chats";
import type { RowActs } from "./chat-row";
import { RowMenu } from "./row-menu";
import { SubagentIcon, SubagentTime } from "./subagent-time";
import { useRowMenu } from "./use-row-menu";

type SubagentRowsProps = {
  agents: readonly Chat[];
  openChatId: string | null;
  tabStopId: string | null;
  acts: RowActs;
  search: string;
};

/** The subagents of an expanded root, on a rail under its icon. */
export function SubagentRows({ agents, openChatId, tabStopId, acts, search }: SubagentRowsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the group of a tree, not of a form
    <div
      role="group"
      className="@container relative ml-6 before:absolute before:top-0 before:bottom-3.75 before:-left-2 before:w-px before:bg-line-2"
    >
      {agents.map((agent) => (
        <SubagentRow
          key={agent.id}
          agent={agent}
          isOpen={agent.id === openChatId}
          isTabStop={agent.id === tabStopId}
          acts={acts}
          search={search}
        />
      ))}
    </div>
  );
}

type SubagentRowProps = { agent: Chat; isOpen: boolean; isTabStop: boolean; acts: RowActs; search: string };

const SubagentRow = memo(function SubagentRow({ agent, isOpen, isTabStop, acts, search }: SubagentRowProps) {
  const isUnread = agent.has_unread && !isOpen;
  const menu = useRowMenu();
  return (
    <div
      className={clsx(
        "group/row relative rounded-sm",
        "before:absolute before:top-2 before:-left-2 before:h-1.5 before:w-2.5 before:rounded-bl-xs before:border-line-2 before:border-b before:border-l max-sm:before:top-4",
        isOpen ? "bg-active" : "hover:bg-hover has-data-[state=open]:bg-hover",
      )}
    >
      <Link
        href={`/agents/${agent.id}${search}`}
        prefetch={false}
        role="treeitem"
        aria-level={2}
        aria-current={isOpen ? "page" : undefined}
        tabIndex={isTabStop ? 0 : -1}
        data-chat-id={agent.id}
        {...menu.handlers}
        className={clsx(
          "focus-ring-inset grid h-7 select-none grid-cols-[14px_minmax(0,1fr)_auto] items-center gap-x-2 rounded-sm px-2 text-ink-2 text-sm [-webkit-touch-callout:none] max-sm:h-11",
          isOpen && "font-medium text-ink",
        )}
      >
        <SubagentIcon agent={agent} />
        <span className={clsx("truncate", isUnread && "font-medium text-ink")}>
          <bdi>{agent.title}</bdi>
          {isUnread ? <span className="hidden-text">Unread</span> : null}
        </span>
        <SubagentTime agent={agent} />
      </Link>
      <RowMenu chat={agent} control={menu} isTabStop={isTabStop} onDialog={acts.dialog} />
    </div>
  );
});
