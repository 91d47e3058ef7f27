import type { MultiplexedEvent } from "@/lib/contract/events";
import { BUILD_HEADER, createSseDecoder } from "@/lib/contract/sse";
import { reconnectDelayMs } from "./backoff";
import type { LiveMessage } from "./event-ring";

export type LiveState =
  | { kind: "connecting" }
  /** `build`: what the server's pages were built from; null when it does not say. */
  | { kind: "live"; build: string | null }
  | { kind: "reconnecting"; attempt: number; retryAtMs: number }
  | { kind: "signed-out" };

export type LiveConnection = {
  /** Null cursor: from now on. */
  followList(cursor: string | null): void;
  followChat(chatId: string, cursor: string | null): void;
  unfollowChat(chatId: string): void;
  /** Ends a wait for the next attempt. */
  retryNow(): void;
  close(): void;
};

type ConnectionOptions = {
  onMessage: (message: LiveMessage<MultiplexedEvent>) => void;
  onState: (state: LiveState) => void;
  /** The server refuses these together, so one of them is gone; they are no longer followed. */
  onRefused?: (chatIds: string[]) => void;
  fetch?: typeof fetch;
  random?: () => number;
};

const STREAM_PATH = "/api/experimental/stream";
/** The server writes a comment every 15 s: three missed ones mean that nothing comes any more. */
const SILENCE_MS = 45_000;
/** Mounting a page follows and unfollows within one frame; one connection serves all of it. */
const SETTLE_MS = 20;

/**
 * One multiplexed stream that stays up: it reconnects with every stream's own position whenever the set changes, the
 * connection ends or nothing comes for 45 s. Nothing is connected while nothing is followed.
 */
export function createLiveConnection(options: ConnectionOptions): LiveConnection {
  const get = options.fetch ?? fetch;
  const random = options.random ?? Math.random;
  const chats = new Map<string, string | null>();
  let list: { cursor: string | null } | undefined;
  let attempt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
  let isClosed = false;

  function schedule(delayMs: number) {
    clearTimeout(timer);
    timer = setTimeout(connect, delayMs);
  }

  function disconnect() {
    const controller = running;
    running = undefined;
    controller?.abort();
  }

  function changeSet() {
    if (isClosed) return;
    disconnect();
    schedule(SETTLE_MS);
  }

  const isIdle = () => isClosed || (chats.size === 0 && !list);

  function connect() {
    timer = undefined;
    disconnect();
    if (isIdle()) return;
    const controller = new AbortController();
    running = controller;
    if (attempt === 0) options.onState({ kind: "connecting" });
    const retry = () => {
      if (running === controller) retryLater();
    };
    read(controller).then((isOver) => isOver || retry(), retry);
  }

  function retryLater() {
    if (isIdle()) return;
    attempt += 1;
    const delayMs = reconnectDelayMs(attempt, random());
    options.onState({ kind: "reconnecting", attempt, retryAtMs: Date.now() + delayMs });
    schedule(delayMs);
  }

  /** Resolves with true when there is nothing to come back for. */
  async function read(controller: AbortController): Promise<boolean> {
    const { signal } = controller;
    const onSilence = () => controller.abort();
    let silence = setTimeout(onSilence, SILENCE_MS);
    try {
      const response = await get(STREAM_PATH + formatSet(list, chats), {
        headers: { accept: "text/event-stream" },
        credentials: "same-origin",
        cache: "no-store",
        signal,
      });
      if (response.status === 401) options.onState({ kind: "signed-out" });
      if (response.status === 401 || response.status === 204) return true;
      if (response.status === 400) forgetCursors();
      if (response.status === 404) refuseChats();
      if (!response.ok || !response.body) return false;
      attempt = 0;
      options.onState({ kind: "live", build: response.headers.get(BUILD_HEADER) });
      const decoder = createSseDecoder();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        clearTimeout(silence);
        silence = setTimeout(onSilence, SILENCE_MS);
        const { done, value } = await reader.read();
        if (done || signal.aborted) return false;
        for (const sse of decoder.push(value)) receive(sse.id, JSON.parse(sse.data) as MultiplexedEvent);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  /** A position that the server cannot read is useless; without one it sends everything. */
  function forgetCursors() {
    if (list) list.cursor = null;
    for (const chatId of chats.keys()) chats.set(chatId, null);
  }

  function refuseChats() {
    const chatIds = [...chats.keys()];
    chats.clear();
    options.onRefused?.(chatIds);
  }

  function receive(id: string, event: MultiplexedEvent) {
    const chatId = "chat_id" in event ? event.chat_id : null;
    if (chatId === null) {
      if (list && id) list.cursor = id;
    } else {
      if (!chats.has(chatId)) return;
      if (event.type === "done") chats.delete(chatId);
      else if (id) chats.set(chatId, id);
    }
    options.onMessage({ chatId, id, event });
  }

  return {
    followList(cursor) {
      list = { cursor };
      changeSet();
    },
    followChat(chatId, cursor) {
      chats.set(chatId, cursor);
      changeSet();
    },
    unfollowChat(chatId) {
      if (chats.delete(chatId)) changeSet();
    },
    retryNow() {
      if (timer !== undefined && attempt > 0) schedule(0);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      disconnect();
    },
  };
}

function formatSet(list: { cursor: string | null } | undefined, chats: ReadonlyMap<string, string | null>): string {
  const search = new URLSearchParams();
  if (list) search.set("watch", "1");
  if (list?.cursor) search.set("cursor", list.cursor);
  for (const [chatId, cursor] of chats) search.append("chat", cursor ? `${chatId}~${cursor}` : chatId);
  return `?${search}`;
}
