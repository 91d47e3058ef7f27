/** One person's list on this process: numbers what changed and tells every sidebar. Loads each changed chat once. */
import type { Chat } from "@/lib/contract/chats";
import type { WatchEvent, WatchKind } from "@/lib/contract/events";
import { encodeSseEvent } from "@/lib/contract/sse";
import { log } from "@/lib/log";
import type { Connection } from "./connection";
import { encodeWatchCursor } from "./cursor";

/** A client that missed more reads its pages again. */
const RING_SIZE = 1_000;
/** Chats of one read while a client catches up. */
const CHATS_PER_READ = 50;
/** Chats whose last known version is kept, against hints that come twice. */
const MAX_KNOWN_VERSIONS = 2_000;

type Entry = { n: number; chatId: string; kind: WatchKind | "resync" };

export type ListFeed = {
  readonly viewerCount: number;
  /** The place after everything heard so far. */
  cursor(): string;
  /** `version` 0: not a transition. A version that was heard of before is told once. */
  hear(change: { chatId: string; kinds: readonly WatchKind[]; version: number }): void;
  /** Hints may have been lost. */
  resync(): void;
  /** `from`: the number behind the client's cursor, undefined without one. */
  join(connection: Connection, from: number | "elsewhere" | undefined): Promise<void>;
  leave(connection: Connection): void;
};

const encoder = new TextEncoder();

/** `loadChats` returns those of the chats that exist, in any order. */
export function createListFeed(options: {
  bootId: string;
  loadChats: (chatIds: string[]) => Promise<Chat[]>;
}): ListFeed {
  /** Live viewers and the number of the last event each of them has. */
  const viewers = new Map<Connection, number>();
  const ring: Entry[] = [];
  const versions = new Map<string, number>();
  let heard = 0;
  /** Live viewers have everything up to here, at least. */
  let delivered = 0;
  let isDelivering = false;

  const encode = (n: number, event: WatchEvent): Uint8Array =>
    encoder.encode(
      encodeSseEvent({ event: event.type, id: encodeWatchCursor(options.bootId, n), data: JSON.stringify(event) }),
    );

  const push = (chatId: string, kind: Entry["kind"]) => {
    heard += 1;
    ring.push({ n: heard, chatId, kind });
    if (ring.length > RING_SIZE) ring.shift();
  };

  /** The ring is contiguous: an entry's place follows from its number. */
  const entriesAfter = (n: number) => ring.slice(Math.max(0, n + 1 - (ring[0]?.n ?? 0)));

  const isKnown = (chatId: string, version: number): boolean => {
    if (version === 0) return false;
    if (version <= (versions.get(chatId) ?? 0)) return true;
    versions.delete(chatId);
    versions.set(chatId, version);
    if (versions.size > MAX_KNOWN_VERSIONS) versions.delete(versions.keys().next().value as string);
    return false;
  };

  /** The entries as bytes, with the chats as they are now. One that another of the same kind follows is left out. */
  const load = async (entries: readonly Entry[]): Promise<{ n: number; bytes: Uint8Array }[]> => {
    const last = new Map(entries.map((entry) => [`${entry.kind} ${entry.chatId}`, entry.n]));
    const wanted = entries.filter((entry) => last.get(`${entry.kind} ${entry.chatId}`) === entry.n);
    const ids = [...new Set(wanted.flatMap((entry) => (entry.kind === "resync" ? [] : [entry.chatId])))];
    const chats = new Map((await options.loadChats(ids)).map((chat) => [chat.id, chat]));
    return wanted.flatMap(({ n, chatId, kind }) => {
      if (kind === "resync") return [{ n, bytes: encode(n, { type: "resync" }) }];
      const chat = chats.get(chatId);
      return chat ? [{ n, bytes: encode(n, { type: "chat", kind, chat }) }] : [];
    });
  };

  const deliver = async () => {
    while (delivered < heard && viewers.size > 0) {
      const until = Math.min(heard, delivered + CHATS_PER_READ);
      const events = await load(entriesAfter(delivered).filter((entry) => entry.n <= until));
      for (const [viewer, at] of viewers) {
        for (const { n, bytes } of events) if (n > at) viewer.send(bytes);
        if (until > at) viewers.set(viewer, until);
      }
      delivered = until;
    }
    if (viewers.size === 0) delivered = heard;
  };
  const startDelivery = async () => {
    if (isDelivering) return;
    isDelivering = true;
    try {
      await deliver();
    } catch (err) {
      log.warn("list not read for its viewers", { err });
      delivered = heard;
      push("", "resync");
    } finally {
      isDelivering = false;
    }
    if (delivered < heard) await startDelivery();
  };

  return {
    get viewerCount() {
      return viewers.size;
    },
    cursor: () => encodeWatchCursor(options.bootId, heard),
    hear({ chatId, kinds, version }) {
      if (kinds.length === 0 || isKnown(chatId, version)) return;
      for (const kind of kinds) push(chatId, kind);
      void startDelivery();
    },
    resync() {
      push("", "resync");
      void startDelivery();
    },
    async join(connection, from) {
      let at = from ?? heard;
      while (!connection.isClosed) {
        const oldest = ring[0]?.n ?? heard + 1;
        if (at === "elsewhere" || at < oldest - 1 || at > heard) {
          at = heard;
          connection.send(encode(at, { type: "resync" }));
        }
        if (at >= delivered) {
          viewers.set(connection, at);
          return void startDelivery();
        }
        const from = at;
        const missed = entriesAfter(from).slice(0, CHATS_PER_READ);
        for (const { bytes } of await load(missed)) {
          while (!connection.isClosed && !connection.hasRoom(bytes)) await connection.waitForRoom();
          connection.send(bytes);
        }
        at = missed.at(-1)?.n ?? at;
      }
    },
    leave: (connection) => void viewers.delete(connection),
  };
}
