import type { MultiplexedEvent } from "@/lib/contract/events";
import type { LiveMessage } from "./event-ring";
import type { LiveState } from "./live-connection";

/** The list's stream is followed under this name, chats under their id. */
export const LIST = "list";

/** What a tab says to the tab that leads, whoever that is. */
export type ToLeader =
  /** "I stand at this position of this stream; take me along." */
  | { type: "follow"; from: string; stream: string; cursor: string | null }
  | { type: "unfollow"; from: string; stream: string };

/** What the leading tab says; `to` null is for all. */
export type FromLeader =
  | { type: "leader"; to: null }
  | { type: "accepted"; to: string; stream: string; cursor: string | null; missed: LiveMessage<MultiplexedEvent>[] }
  /** The position is not in the leader's memory. */
  | { type: "refused"; to: string; stream: string; cursor: string | null }
  /** The leader no longer follows the stream; whoever still wants it reads alone. */
  | { type: "dropped"; to: null; stream: string }
  | { type: "message"; to: null; tabs: string[]; message: LiveMessage<MultiplexedEvent> }
  | { type: "state"; to: null; state: LiveState };
