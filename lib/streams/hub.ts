/** Live parts and the streams that viewers hold. One per process. Reads the database; never writes chats. */
import type { LivePart } from "@/lib/contract/events";
import type { MessageRole, StoredPart } from "@/lib/contract/messages";

/** An episode of live parts: the `attempt`-th start of work at history version `historyVersion`. */
export type Episode = { chatId: string; historyVersion: number; attempt: number };

/** The runner's side: appends are coalesced into frames, numbered once, kept in the ring and checkpointed. */
export type PartWriter = {
  append(role: MessageRole, part: LivePart): void;
  /** No more parts come; the parts stay until the episode's durable row replaces them. */
  close(): void;
};

export type StreamHub = {
  /** Starts an episode on this process; the parts of an older episode of the chat are dropped with `preview_reset`. */
  openEpisode(episode: Episode): PartWriter;
  /** The episode's parts so far, folded into stored parts (text, reasoning, tool calls), from memory; undefined when unknown here. */
  partial(chatId: string): { episode: Episode; parts: StoredPart[] } | undefined;
  /** `text/event-stream` bodies. */
  close(): Promise<void>;
};
