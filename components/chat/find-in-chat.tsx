"use client";

import { ChevronDown, ChevronUp, X } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { errorText } from "@/lib/contract/client";
import { toast } from "../ui/toast";
import type { ChatState } from "./chat-state";
import type { ChatStore } from "./chat-store";
import { findRows } from "./find-rows";
import type { WantedRow } from "./message-list";
import { isComposing } from "./submit-key";
import { createRowBuilder } from "./timeline";
import { useChatPart } from "./use-chat-stream";
import { useFoundMark } from "./use-found-mark";

type FindInChatProps = {
  store: ChatStore;
  loadOlder: () => Promise<void>;
  onWant: (row: WantedRow) => void;
};

/** Ctrl or Cmd with F: looks through the whole chat, also through rows that are not drawn and history not loaded yet. */
export function FindInChat(props: FindInChatProps) {
  const [isOpen, setOpen] = useState(false);
  const [opened, setOpened] = useState(0);
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      if (document.querySelector("[role=dialog]")) return;
      event.preventDefault();
      setOpen(true);
      setOpened((count) => count + 1);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return isOpen ? <FindBar {...props} opened={opened} onClose={() => setOpen(false)} /> : null;
}

const selectMessages = (state: ChatState) => state.messages;
const selectHasMore = (state: ChatState) => state.hasMore;

function FindBar({
  store,
  loadOlder,
  onWant,
  opened,
  onClose,
}: FindInChatProps & { opened: number; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [query, setQuery] = useState("");
  const [current, setCurrent] = useState<string>();
  const [isLoading, setLoading] = useState(false);
  const [builder] = useState(createRowBuilder);
  const messages = useChatPart(store, selectMessages);
  const hasMore = useChatPart(store, selectHasMore);
  const sought = useDeferredValue(query);
  const keys = useMemo(() => findRows(builder.build(messages, false), sought), [builder, messages, sought]);
  const index = current === undefined ? -1 : keys.indexOf(current);
  useFoundMark(current, sought);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shortcut pressed again selects what is there
  useEffect(() => field.current?.select(), [opened]);

  const show = (key: string | undefined) => {
    setCurrent(key);
    if (key) onWant({ key, block: "center" });
  };
  // The newest first: that is where a person looks from.
  const older = () => show(keys[index === -1 ? keys.length - 1 : (index - 1 + keys.length) % keys.length]);
  const newer = () => show(keys[(index + 1) % keys.length]);
  const loadMore = () => {
    setLoading(true);
    loadOlder()
      .catch((error: unknown) => toast.error(errorText(error), { id: "find" }))
      .finally(() => setLoading(false));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      onClose();
    } else if (event.key === "Enter" && keys.length > 0) {
      event.preventDefault();
      if (event.shiftKey) newer();
      else older();
    }
  };
  return (
    <search className="relative z-20">
      <div className="absolute top-2 right-4 flex h-9 items-center gap-1 rounded-md border border-line-2 bg-raised pr-1 pl-3 shadow-pop max-sm:inset-x-2 max-sm:h-12">
        <input
          ref={field}
          // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
          autoFocus
          aria-label="Find in this agent"
          placeholder="Find"
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setCurrent(undefined);
          }}
          onKeyDown={onKeyDown}
          className="w-48 min-w-0 bg-transparent text-ink text-md outline-none focus-visible:outline-none max-sm:flex-1 max-sm:text-xl"
        />
        <span role="status" className="shrink-0 px-1 text-ink-3 text-sm tabular-nums">
          {countText({ query: sought, count: keys.length, index })}
        </span>
        {hasMore && sought.trim() !== "" ? (
          <button
            type="button"
            disabled={isLoading}
            onClick={loadMore}
            className="shrink-0 rounded-xs px-1 text-accent text-sm hover:underline disabled:text-ink-3"
          >
            {isLoading ? "Looking" : "Look in older"}
          </button>
        ) : null}
        <IconButton
          size="sm"
          icon={ChevronUp}
          label="Previous match"
          shortcut="↵"
          disabled={keys.length === 0}
          onClick={older}
        />
        <IconButton
          size="sm"
          icon={ChevronDown}
          label="Next match"
          shortcut="⇧↵"
          disabled={keys.length === 0}
          onClick={newer}
        />
        <IconButton size="sm" icon={X} label="Close" shortcut="Esc" onClick={onClose} />
      </div>
    </search>
  );
}

function countText({ query, count, index }: { query: string; count: number; index: number }): string {
  if (query.trim() === "") return "";
  if (count === 0) return "None";
  return index === -1 ? `${count}` : `${index + 1} of ${count}`;
}
