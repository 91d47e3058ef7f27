"use client";

import clsx from "clsx";
import { Archive, ChevronDown, ChevronRight } from "lucide-react";
import Link, { useLinkStatus } from "next/link";
import { memo } from "react";
import type { Chat } from "@/lib/contract/chats";
import { formatCount, formatPlural, MINUS } from "@/lib/format";
import { useNowPart } from "../ui/now";
import { RelativeTime } from "../ui/relative-time";
import { Spinner } from "../ui/spinner";
import type { ChatDialog } from "./chat-dialog";
import { ChatIcon, chatIconLook } from "./chat-icon";
import { chatSubtitle, hasDiffCounts } from "./chat-subtitle";
import { RowMenu } from "./row-menu";
import { findStuckTitle } from "./subagent-deadline";
import { useFreshSummary } from "./use-fresh-summary";
import { useRowMenu } from "./use-row-menu";

export type RowActs = {
  toggle: (chatId: string) => void;
  dialog: (dialog: ChatDialog) => void;
};

export type ChatRowProps = {
  chat: Chat;
  modelName: string | undefined;
  isOpen: boolean;
  /** Null: it has no subagents. */
  isExpanded: boolean | null;
  /** The same object at every draw. */
  acts: RowActs;
  /** Whether Tab reaches it; arrow keys reach the others. */
  isTabStop: boolean;
  search: string;
};

const tones = { danger: "text-danger", warning: "text-warning", muted: "text-ink-3" };

/** A root in the list: icon, title, what it is about, when it changed, and its menu. */
export const ChatRow = memo(function ChatRow(props: ChatRowProps) {
  const { chat, isOpen, isExpanded } = props;
  const isUnread = chat.has_unread && !isOpen;
  const menu = useRowMenu();
  const Chevron = isExpanded ? ChevronDown : ChevronRight;
  const hasChildren = isExpanded !== null;
  return (
    <div
      className={clsx(
        "group/row relative rounded-sm",
        isOpen ? "bg-active" : "hover:bg-hover has-data-opening:bg-active has-data-[state=open]:bg-hover",
      )}
    >
      <Link
        href={`/agents/${chat.id}${props.search}`}
        prefetch={false}
        role="treeitem"
        aria-level={1}
        aria-expanded={isExpanded ?? undefined}
        aria-current={isOpen ? "page" : undefined}
        tabIndex={props.isTabStop ? 0 : -1}
        data-chat-id={chat.id}
        {...menu.handlers}
        className="focus-ring-inset grid min-h-11 select-none grid-cols-[16px_minmax(0,1fr)_auto] gap-x-2 rounded-sm px-2 py-1.25 [-webkit-touch-callout:none] max-sm:min-h-14 max-sm:grid-cols-[20px_minmax(0,1fr)_auto] max-sm:py-2.25"
      >
        <span
          className={clsx(
            "flex h-4.5 items-center justify-center max-sm:h-5",
            hasChildren && "group-focus-within/row:invisible group-hover/row:invisible [@media(hover:none)]:invisible",
          )}
        >
          <ChatIcon look={chatIconLook(chat)} />
        </span>
        <span className="min-w-0">
          <span
            className={clsx(
              "block truncate text-ink text-md leading-4.5 max-sm:text-lg max-sm:leading-5",
              (isOpen || isUnread) && "font-medium",
            )}
          >
            <bdi>{chat.title}</bdi>
          </span>
          <span className="flex gap-1.5 text-sm">
            <DiffCounts chat={chat} />
            <Subtitle chat={chat} modelName={props.modelName} isCollapsed={isExpanded === false} />
          </span>
        </span>
        <span className="flex flex-col items-end">
          <RelativeTime
            at={chat.updated_at}
            className="text-right text-ink-3 text-sm tabular-nums leading-4.5 group-focus-within/row:invisible group-hover/row:invisible group-has-data-[state=open]/row:invisible max-sm:visible max-sm:leading-5"
          />
          <RowMark isUnread={isUnread} isArchived={chat.archived} />
        </span>
      </Link>
      {hasChildren ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={`${isExpanded ? "Collapse" : "Expand"} subagents of ${chat.title}`}
          onClick={() => props.acts.toggle(chat.id)}
          className="absolute top-1 left-1.5 grid size-5 place-items-center rounded-xs text-ink-3 opacity-0 hover:bg-active group-focus-within/row:opacity-100 group-hover/row:opacity-100 max-sm:top-2 max-sm:left-2 [@media(hover:none)]:opacity-100"
        >
          <Chevron aria-hidden className="size-3.5" />
        </button>
      ) : null}
      <RowMenu chat={chat} control={menu} isTabStop={props.isTabStop} onDialog={props.acts.dialog} />
    </div>
  );
});

/** Ticks by itself: a subagent that is not seen gets stuck when its time is up, without an event. */
function Subtitle(props: { chat: Chat; modelName: string | undefined; isCollapsed: boolean }) {
  const { chat, isCollapsed } = props;
  const stuck = useNowPart((nowMs) => (isCollapsed ? findStuckTitle(chat, nowMs) : undefined));
  const summary = useFreshSummary(chat);
  const { text, tone } = chatSubtitle({ ...chat, last_turn_summary: summary }, props.modelName, stuck);
  return (
    <span className={clsx("truncate", tones[tone])}>
      <bdi>{text}</bdi>
    </span>
  );
}

/**
 * Below the time: unread, or archived where both kinds are listed. The row that was pressed is the chosen one at once, and
 * says that it opens where the server takes its time.
 */
function RowMark({ isUnread, isArchived }: { isUnread: boolean; isArchived: boolean }) {
  const { pending } = useLinkStatus();
  if (pending) {
    return (
      <span data-opening="" className="skeleton-frame">
        {/* It turns when it shows: until then every frame would be drawn for what nobody sees. */}
        <Spinner className="size-3.5 [animation-delay:150ms]" />
        <span className="hidden-text">Opening</span>
      </span>
    );
  }
  if (isUnread) {
    return (
      <>
        <span aria-hidden className="mt-1 size-1.75 rounded-full bg-unread" />
        <span className="hidden-text">Unread</span>
      </>
    );
  }
  if (!isArchived) return null;
  return (
    <>
      <Archive aria-hidden className="size-3.5 text-ink-3" />
      <span className="hidden-text">Archived</span>
    </>
  );
}

/** `+A −D` of a linked diff, exact in its title. */
function DiffCounts({ chat }: { chat: Chat }) {
  const diff = chat.diff_status;
  if (!diff || !hasDiffCounts(chat)) return null;
  const added = `+${formatCount(diff.additions ?? 0)}`;
  const removed = `${MINUS}${formatCount(diff.deletions ?? 0)}`;
  return (
    <span
      title={`${formatPlural(diff.changed_files ?? 0, "file")}, ${added} ${removed}`}
      className="whitespace-nowrap tabular-nums"
    >
      <span className="text-diff-add-text">{added}</span> <span className="text-diff-del-text">{removed}</span>
    </span>
  );
}
