"use client";

import Link from "next/link";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { errorText } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { useNow, useTimeZone } from "../ui/now";
import { Spinner } from "../ui/spinner";
import { ArchiveFilter } from "./archive-filter";
import { GROUP_LABELS, type Group, groupChats } from "./chat-groups";
import { ChatRow } from "./chat-row";
import { ListError, ListSkeleton } from "./list-states";
import { RenameDialog } from "./rename-dialog";
import { SectionHead } from "./section-head";
import { SubagentRows } from "./subagent-rows";
import { type FirstPage, useChatList, useChatListEvents } from "./use-chat-list";
import { useClosedSections } from "./use-closed-sections";
import { useRevealChat } from "./use-reveal-chat";
import { useTreeKeys } from "./use-tree-keys";

type ChatListProps = {
  firstPage: FirstPage;
  modelNames: Readonly<Record<string, string>>;
  openChatId: string | null;
  archived: boolean;
  startsClosed: readonly Group[];
  /** Kept on every link: the filter of the list. */
  search: string;
};

/** The sidebar's list: sections of rows, live. */
export function ChatList(props: ChatListProps) {
  const { firstPage, modelNames, openChatId, archived, search } = props;
  const list = useChatList({ archived, firstPage });
  useChatListEvents({ listCursor: firstPage.listCursor, openChatId });
  const { roots } = list;
  useRevealChat({ openChatId, roots, archived });
  const closed = useClosedSections(props.startsClosed);
  const expansion = useExpansion(roots, openChatId);
  const tree = useTreeKeys({ onToggle: expansion.toggle });
  const [renaming, setRenaming] = useState<Chat | null>(null);
  const nowMs = useNow();
  const timeZone = useTimeZone();
  const sections = useMemo(() => groupChats(roots, { nowMs, timeZone }), [roots, nowMs, timeZone]);
  const filter = <ArchiveFilter archived={archived} />;
  const shown = sections.flatMap(({ group, chats }) => (closed.isClosed(group) ? [] : chats));
  const tabStopId = tabStop(shown, [tree.focusedId, openChatId]);

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && roots.length === 0) {
    return <ListError text={errorText(list.error)} onRetry={() => void list.refetch()} />;
  }
  return (
    <>
      {archived || roots.length === 0 ? <SectionHead label={archived ? "Archived" : "Agents"} action={filter} /> : null}
      {roots.length === 0 ? <EmptyList archived={archived} /> : null}
      <div role="tree" aria-label={archived ? "Archived agents" : "Agents"} {...tree.handlers}>
        {sections.map(({ group, chats }, index) => (
          // biome-ignore lint/a11y/useSemanticElements: the group of a tree, not of a form
          <div key={group} role="group" aria-label={GROUP_LABELS[group]} className="not-first:mt-1.5">
            <SectionHead
              label={GROUP_LABELS[group]}
              count={chats.length}
              action={index === 0 && !archived ? filter : null}
              isClosed={closed.isClosed(group)}
              onToggle={() => closed.toggle(group)}
            />
            {(closed.isClosed(group) ? [] : chats).map((chat) => {
              const isExpanded = chat.children.length > 0 ? expansion.isExpanded(chat.id) : null;
              return (
                <div key={chat.id} role="none">
                  <ChatRow
                    chat={chat}
                    modelName={modelNames[chat.last_model_config_id ?? ""]}
                    isOpen={chat.id === openChatId}
                    isExpanded={isExpanded}
                    onToggle={expansion.toggle}
                    onRename={setRenaming}
                    isTabStop={chat.id === tabStopId}
                    search={search}
                  />
                  {isExpanded ? (
                    <SubagentRows
                      agents={chat.children}
                      openChatId={openChatId}
                      tabStopId={tabStopId}
                      search={search}
                    />
                  ) : null}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      {list.hasNextPage ? (
        <button
          type="button"
          onClick={() => void list.fetchNextPage()}
          disabled={list.isFetchingNextPage}
          className="flex h-7.5 w-full items-center gap-2 rounded-sm px-2 pl-8 font-medium text-ink-3 text-sm hover:bg-hover hover:text-ink-2 pointer-coarse:h-11"
        >
          Show more
          {list.isFetchingNextPage ? <Spinner className="size-3.5" /> : null}
        </button>
      ) : null}
      {list.isFetchNextPageError ? (
        <ListError text={errorText(list.error)} onRetry={() => void list.fetchNextPage()} />
      ) : null}
      {renaming ? <RenameDialog key={renaming.id} chat={renaming} onClose={() => setRenaming(null)} /> : null}
    </>
  );
}

function EmptyList({ archived }: { archived: boolean }) {
  if (archived) {
    return (
      <EmptyState
        title="Nothing is archived"
        hint="An archived agent keeps its transcript and its cost, and can come back."
        action={
          <Button size="sm" asChild>
            <Link href="/agents">Show active agents</Link>
          </Button>
        }
      />
    );
  }
  return (
    <EmptyState
      title="No agents yet"
      hint="Give a task and close the tab. It keeps working."
      action={
        <Button size="sm" asChild className="max-sm:hidden">
          <Link href="/agents">New agent</Link>
        </Button>
      }
    />
  );
}

/** Closed by default. The root of the chat that was just opened opens; a later closing by hand is respected. */
function useExpansion(roots: readonly Chat[], openChatId: string | null) {
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(() => new Set());
  const openRootId = roots.find((root) => root.children.some((child) => child.id === openChatId))?.id;
  const revealed = useRef<string | null>(null);
  useEffect(() => {
    if (!openRootId || revealed.current === openChatId) return;
    revealed.current = openChatId;
    setExpanded((current) => new Set(current).add(openRootId));
  }, [openRootId, openChatId]);
  return {
    isExpanded: (chatId: string) => expanded.has(chatId),
    toggle(chatId: string) {
      setExpanded((current) => {
        const next = new Set(current);
        if (!next.delete(chatId)) next.add(chatId);
        return next;
      });
    },
  };
}

/** The first of the candidates that is listed, else the first row: exactly one row is reached by Tab. */
function tabStop(roots: readonly Chat[], candidates: readonly (string | null)[]): string | null {
  const isListed = (id: string) =>
    roots.some((root) => root.id === id || root.children.some((child) => child.id === id));
  return candidates.find((id) => id !== null && isListed(id)) ?? roots[0]?.id ?? null;
}
