/** A client of one chat's stream that comes back wherever it was cut off, to any server, and writes everything down. */
import { createSseDecoder } from "@/lib/contract/sse";
import type { Random } from "../support/random";
import type { Transcript } from "./evidence";

export type Viewer = {
  transcript: Transcript;
  /** The status and version it shows now. */
  shown(): { status: string; version: number };
  /** From now on it is not cut off on purpose. */
  settle(): void;
  close(): Promise<void>;
};

type ViewerOptions = {
  chatId: string;
  token: string;
  /** A server that may answer. */
  pickUrl: () => string;
  random: Random;
};

const RETRY_MS = 60;
const NOTHING = { status: "", version: -1 };

export function startViewer({ chatId, token, pickUrl, random }: ViewerOptions): Viewer {
  const transcript: Transcript = { chatId, entries: [] };
  const closing = new AbortController();
  let current: AbortController | undefined;
  let isSettled = false;
  let cursor: string | null = null;
  let shown = NOTHING;

  const take = (id: string, data: Record<string, unknown> & { type: string }) => {
    cursor = id;
    transcript.entries.push({ id, data });
    if (data.type === "status") shown = { status: String(data.status), version: Number(data.version) };
  };

  async function connectOnce(): Promise<void> {
    current = new AbortController();
    const signal = AbortSignal.any([closing.signal, current.signal]);
    // Now and then a new tab, which knows nothing.
    if (!isSettled && random.chance(0.1)) cursor = null;
    if (cursor === null) shown = NOTHING;
    const response = await fetch(`${pickUrl()}/api/experimental/chats/${chatId}/stream`, {
      signal,
      headers: { authorization: `Bearer ${token}`, ...(cursor === null ? {} : { "last-event-id": cursor }) },
    });
    if (!response.ok || !response.body) throw new Error(`The stream answered ${response.status}.`);
    transcript.entries.push({ connected: cursor });
    const decoder = createSseDecoder();
    let left = isSettled || random.chance(0.3) ? Number.POSITIVE_INFINITY : 1 + random.below(40);
    for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
      for (const { id, data } of decoder.push(text)) {
        // Cut off in the middle of a chunk: what came after is seen again next time.
        if (left-- <= 0 && !isSettled) return current.abort();
        take(id, JSON.parse(data));
      }
    }
  }

  const run = async () => {
    while (!closing.signal.aborted) {
      await connectOnce().catch(() => undefined);
      current?.abort();
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  };
  const running = run();
  return {
    transcript,
    shown: () => shown,
    settle() {
      isSettled = true;
    },
    async close() {
      closing.abort();
      await running;
    },
  };
}
