"use client";

import { Search, X } from "lucide-react";
import { useRouter } from "next/navigation";
import { Dialog } from "radix-ui";
import { useId, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { formatPlural } from "@/lib/format";
import { followMessageLink, messageHash } from "../chat/message-link";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Spinner } from "../ui/spinner";
import { PillChoices, PillView } from "./search-pills";
import { ResultRow } from "./search-result-row";
import { PILL_LABELS } from "./search-terms";
import { useChatFilter } from "./use-chat-filter";
import { type SearchResult, useSearch } from "./use-search";
import { useSearchInput } from "./use-search-input";

/** Finds agents by title and by what was said, narrowed by conditions. Pinned to the top, so that nothing moves. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog.Root open onOpenChange={(open) => open || onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          // A finger that opened it did not ask for the keyboard.
          onOpenAutoFocus={(event) => matchMedia("(pointer: coarse)").matches && event.preventDefault()}
          className="fixed inset-x-0 top-[12vh] z-50 mx-auto flex max-h-[70vh] w-full max-w-160 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-dialog outline-none max-sm:screen-cover max-sm:inset-0 max-sm:max-h-none max-sm:max-w-none max-sm:rounded-none max-sm:border-0"
        >
          <Dialog.Title className="hidden-text">Search agents</Dialog.Title>
          <SearchBody onClose={onClose} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SearchBody({ onClose }: { onClose: () => void }) {
  const listId = useId();
  const router = useRouter();
  const { search: filterSearch } = useChatFilter();
  const [active, setActive] = useState(0);
  const line = useSearchInput({
    onMove: (by) => setActive(Math.max(0, Math.min(results.length - 1, current + by))),
    onEnter: () => go(results[current]),
    onChange: () => setActive(0),
  });
  const found = useSearch(line.q);
  const results = found.data ?? [];
  const current = Math.min(active, results.length - 1);

  function go(result: SearchResult | undefined) {
    if (!result) return;
    onClose();
    const { chat, messageId } = result;
    const isOpen = window.location.pathname === `/agents/${chat.id}`;
    if (isOpen && messageId !== null) return followMessageLink(messageId);
    router.push(`/agents/${chat.id}${filterSearch}${messageId === null ? "" : messageHash(messageId)}`);
  }

  return (
    <>
      <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-1.5 border-line border-b py-2 pr-2 pl-4">
        <Search aria-hidden className="text-ink-3" />
        {line.pills.map((pill) => (
          <PillView key={`${pill.key}:${pill.value}`} pill={pill} onRemove={() => line.removePill(pill)} />
        ))}
        <input
          ref={line.ref}
          role="combobox"
          aria-label="Search agents"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={results[current] ? `${listId}-${current}` : undefined}
          aria-autocomplete="list"
          value={line.text}
          placeholder={line.open ? `${PILL_LABELS[line.open.key]}…` : "Search titles and messages"}
          maxLength={200}
          onChange={(event) => line.setText(event.target.value)}
          onKeyDown={line.onKeyDown}
          className="h-8 min-w-40 flex-1 bg-transparent text-lg outline-none max-sm:text-xl"
        />
        {found.isSearching ? <Spinner className="size-3.5 text-ink-3" /> : null}
        <Dialog.Close
          aria-label="Close search"
          className="grid size-7 place-items-center rounded-sm text-ink-3 hover:bg-hover max-sm:size-11"
        >
          <X aria-hidden className="size-4" />
        </Dialog.Close>
      </div>
      <PillChoices open={line.open} used={line.pills.map((pill) => pill.key)} onPick={line.addPill} />
      {line.problem ? (
        <p role="alert" className="px-4 py-2 text-danger text-sm">
          {line.problem}
        </p>
      ) : null}
      <p aria-live="polite" className="hidden-text">
        {found.isSearching ? "" : formatPlural(results.length, "result")}
      </p>
      <div className="min-h-0 flex-1 overflow-y-auto p-2">
        <SearchState found={found} q={line.q} onWiden={line.pills.length > 0 ? line.removePills : undefined} />
        <div role="listbox" id={listId} aria-label="Results" className={found.isError ? "hidden" : undefined}>
          {results.map((result, index) => (
            <ResultRow
              key={result.key}
              id={`${listId}-${index}`}
              result={result}
              isActive={index === current}
              onPoint={() => setActive(index)}
              onPick={() => go(result)}
            />
          ))}
        </div>
      </div>
    </>
  );
}

/** Above the results: what they are, or why there are none. */
function SearchState(props: { found: ReturnType<typeof useSearch>; q: string; onWiden: (() => void) | undefined }) {
  const { found, q, onWiden } = props;
  if (found.isError) {
    return (
      <Callout
        tone="danger"
        title="The search failed"
        action={
          <Button size="sm" onClick={() => void found.refetch()}>
            Try again
          </Button>
        }
      >
        {errorText(found.error)}
      </Callout>
    );
  }
  if (found.data?.length === 0) {
    return (
      <div className="grid justify-items-center gap-3 px-2 py-6 text-center text-ink-3 text-md">
        <p>
          {q ? (onWiden ? "Nothing matches these filters." : "Nothing matches. Try fewer words.") : "No agents yet."}
        </p>
        {onWiden ? (
          <Button size="sm" onClick={onWiden}>
            Search without filters
          </Button>
        ) : null}
      </div>
    );
  }
  return q === "" && found.data ? <p className="px-2 pb-1 font-medium text-ink-3 text-xs">Recent</p> : null;
}
