/** One event of the multiplexed stream with its position. `chatId` null: the list's. */
export type LiveMessage<Event = unknown> = { chatId: string | null; id: string; event: Event };

/** The last events of one stream, so that a tab that stands at one of them can go on from there. */
export type EventRing = {
  push(message: LiveMessage): void;
  /** What came after the position; undefined when it is not known here. */
  after(cursor: string): LiveMessage[] | undefined;
};

/** A minute of fast streaming; what stands further back reads from the server itself. */
const CAPACITY = 1_000;

/** `cursor` is the position at which the stream was joined. */
export function createEventRing(cursor: string | null): EventRing {
  let base = cursor;
  const messages: LiveMessage[] = [];
  return {
    push(message) {
      messages.push(message);
      if (messages.length > CAPACITY) base = messages.shift()?.id ?? base;
    },
    after(wanted) {
      if (wanted === base) return [...messages];
      const index = messages.findLastIndex((message) => message.id === wanted);
      return index === -1 ? undefined : messages.slice(index + 1);
    },
  };
}
