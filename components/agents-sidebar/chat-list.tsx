"use client";

import { lazy, Suspense, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { Button } from "../ui/button";
import { EmptyState } from "../ui/empty-state";
import { Link } from "../ui/link";
import { Spinner } from "../ui/spinner";
import type { ChatDialog } from "./chat-dialog";
import type { Group } from "./chat-groups";
import { ChatTree } from "./chat-tree";
import { FilterButton } from "./filter-button";
import { clearResultFilters, describeFilter, isFiltered, type ListFilter } from "./list-filter";
import { ListError, ListSkeleton } from "./list-states";
import { SectionHead } from "./section-head";
import { useChatFilter } from "./use-chat-filter";
import { type FirstPage, useChatList, useChatListEvents } from "./use-chat-list";
import { useRevealChat } from "./use-reveal-chat";

const ChatDialogs = lazy(async () => ({ default: (await import("./chat-dialogs")).ChatDialogs }));

type ChatListProps = {
  firstPage: FirstPage;
  modelNames: Readonly<Record<string, string>>;
  openChatId: string | null;
  startsClosed: readonly Group[];
};

/** The sidebar's list: sections of rows, live. */
export function ChatList({ firstPage, modelNames, openChatId, startsClosed }: ChatListProps) {
  const { filter, search, setFilter } = useChatFilter();
  const list = useChatList({ filter, firstPage });
  useChatListEvents({ listCursor: firstPage.listCursor, openChatId });
  const { roots } = list;
  useRevealChat({ openChatId, roots, filter });
  const [dialog, setDialog] = useState<ChatDialog | null>(null);
  const isPlain = filter.archive === "active" && !isFiltered(filter);

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && roots.length === 0) {
    return <ListError text={errorText(list.error)} onRetry={() => void list.refetch()} />;
  }
  const filterButton = <FilterButton className="max-sm:hidden" />;
  return (
    <>
      {roots.length === 0 || !isPlain ? (
        <SectionHead label={LIST_LABELS[filter.archive]} action={filterButton} />
      ) : null}
      {roots.length === 0 ? <EmptyList filter={filter} onClear={() => setFilter(clearResultFilters(filter))} /> : null}
      {roots.length > 0 ? (
        <ChatTree
          roots={roots}
          modelNames={modelNames}
          openChatId={openChatId}
          label={LIST_LABELS[filter.archive]}
          startsClosed={startsClosed}
          search={search}
          onDialog={setDialog}
          filter={isPlain ? filterButton : null}
        />
      ) : null}
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
      {dialog ? (
        <Suspense>
          <ChatDialogs key={`${dialog.kind}/${dialog.chat.id}`} dialog={dialog} onClose={() => setDialog(null)} />
        </Suspense>
      ) : null}
    </>
  );
}

const LIST_LABELS = {
  active: "Agents",
  archived: "Archived agents",
  all: "All agents",
} satisfies Record<ListFilter["archive"], string>;

/** Nothing yet and nothing that matches are different texts. */
function EmptyList({ filter, onClear }: { filter: ListFilter; onClear: () => void }) {
  if (isFiltered(filter)) {
    return (
      <EmptyState
        title="No agent matches"
        hint={`Filter: ${describeFilter(filter)}.`}
        action={
          <Button size="sm" onClick={onClear}>
            Clear filters
          </Button>
        }
      />
    );
  }
  if (filter.archive === "archived") {
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
