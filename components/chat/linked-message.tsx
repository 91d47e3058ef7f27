"use client";

import { useEffect, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { Spinner } from "../ui/spinner";
import { toast } from "../ui/toast";
import type { ChatStore } from "./chat-store";
import { rowOfMessage } from "./find-rows";
import { linkedMessageId } from "./message-link";
import type { WantedRow } from "./message-list";
import { createRowBuilder } from "./timeline";
import { useFoundMark } from "./use-found-mark";

type LinkedMessageProps = {
  store: ChatStore;
  loadOlder: (limit?: number) => Promise<void>;
  onWant: (row: WantedRow) => void;
};

/** As many as the server gives at once: what lies between is not read. */
const PAGE_SIZE = 200;

/** Brings the message that the address names into view and marks it, however old it is, until a person does anything. */
export function LinkedMessage({ store, loadOlder, onWant }: LinkedMessageProps) {
  const [isLooking, setLooking] = useState(false);
  const [marked, setMarked] = useState<string>();
  const [builder] = useState(createRowBuilder);
  useFoundMark(marked, "");
  useEffect(() => {
    if (marked === undefined) return;
    const stop = new AbortController();
    for (const act of ["pointerdown", "keydown"]) {
      document.addEventListener(act, () => setMarked(undefined), { signal: stop.signal, capture: true });
    }
    return () => stop.abort();
  }, [marked]);

  useEffect(() => {
    let latest = 0;
    const follow = async () => {
      latest += 1;
      const mine = latest;
      const messageId = linkedMessageId(window.location.hash);
      if (messageId === undefined) return;
      try {
        while (await loadTowards({ messageId, store, loadOlder, onBegin: () => setLooking(true) })) {
          if (mine !== latest) return;
        }
      } catch (error) {
        toast.error(errorText(error), { id: "linked-message" });
      } finally {
        if (mine === latest) setLooking(false);
      }
      if (mine !== latest) return;
      const { messages, hasMore } = store.getState();
      const key = rowOfMessage(builder.build(messages, false), messageId);
      if (key === undefined) {
        if (!hasMore) toast.error("The message is no longer in this agent.", { id: "linked-message" });
        return;
      }
      onWant({ key, block: "center" });
      setMarked(key);
    };
    void follow();
    const onHashChange = () => void follow();
    window.addEventListener("hashchange", onHashChange);
    return () => {
      latest = -1;
      window.removeEventListener("hashchange", onHashChange);
    };
  }, [store, loadOlder, onWant, builder]);

  if (!isLooking) return null;
  return (
    <p
      role="status"
      className="absolute inset-x-0 top-16 z-10 mx-auto flex w-fit items-center gap-2 rounded-md border border-line bg-raised px-3 py-1.5 text-ink-2 text-sm shadow-pop"
    >
      <Spinner className="size-3.5" />
      Looking for the message
    </p>
  );
}

type LoadOptions = Pick<LinkedMessageProps, "store" | "loadOlder"> & { messageId: number; onBegin: () => void };

/** Loads one page of older rows when the message can only be there; false when there is nothing to load. */
async function loadTowards({ messageId, store, loadOlder, onBegin }: LoadOptions): Promise<boolean> {
  const { messages, hasMore } = store.getState();
  const oldestId = messages[0]?.id;
  if (!hasMore || oldestId === undefined || oldestId <= messageId) return false;
  onBegin();
  await loadOlder(PAGE_SIZE);
  return store.getState().messages[0]?.id !== oldestId;
}
