"use client";

import clsx from "clsx";
import Link from "next/link";
import type { Chat } from "@/lib/contract/chats";
import { RelativeTime } from "../ui/relative-time";
import { ChatIcon, chatIconLook } from "./chat-icon";

type SubagentRowsProps = {
  agents: readonly Chat[];
  openChatId: string | null;
  tabStopId: string | null;
  search: string;
};

/** The subagents of an expanded root, on a rail under its icon. */
export function SubagentRows({ agents, openChatId, tabStopId, search }: SubagentRowsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: the group of a tree, not of a form
    <div
      role="group"
      className="relative ml-6 before:absolute before:top-0 before:bottom-3.75 before:-left-2 before:w-px before:bg-line-2"
    >
      {agents.map((agent) => {
        const isOpen = agent.id === openChatId;
        const isUnread = agent.has_unread && !isOpen;
        return (
          <Link
            key={agent.id}
            href={`/agents/${agent.id}${search}`}
            prefetch={false}
            role="treeitem"
            aria-level={2}
            aria-current={isOpen ? "page" : undefined}
            tabIndex={agent.id === tabStopId ? 0 : -1}
            data-chat-id={agent.id}
            className={clsx(
              "focus-ring-inset relative grid h-7 grid-cols-[14px_minmax(0,1fr)_auto] items-center gap-x-2 rounded-sm px-2 text-ink-2 text-sm max-sm:h-11",
              "before:absolute before:top-2 before:-left-2 before:h-1.5 before:w-2.5 before:rounded-bl-xs before:border-line-2 before:border-b before:border-l max-sm:before:top-4",
              isOpen ? "bg-active font-medium text-ink" : "hover:bg-hover",
            )}
          >
            <ChatIcon look={chatIconLook(agent)} className="size-3.5" />
            <span className={clsx("truncate", isUnread && "font-medium text-ink")}>
              {agent.title}
              {isUnread ? <span className="hidden-text">Unread</span> : null}
            </span>
            <RelativeTime at={agent.updated_at} className="text-ink-3 tabular-nums" />
          </Link>
        );
      })}
    </div>
  );
}
