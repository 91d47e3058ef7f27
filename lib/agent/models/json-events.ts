/**
 * The events of a provider's answer, each parsed, as one stream. Takes the place of the packages' own three web
 * streams in a row (`lib/server/sdk-patch.mjs`).
 */
import { createSseDecoder } from "@/lib/contract/sse";
import { createEventStream, type EventStream } from "./event-stream";

/** Says of OpenAI's formats that nothing follows; no event of its own. */
const DONE = "[DONE]";

type Bytes = { getReader(): Pick<ReadableStreamDefaultReader<Uint8Array>, "read" | "cancel"> };

/** Reads as fast as it is read. `parse` says what becomes of the text of one event. */
export function readJsonEvents<T>(bytes: Bytes, parse: (text: string) => T): EventStream<T> {
  const reader = bytes.getReader();
  const next = createEventReader();
  return createEventStream<T>({
    async pull(controller) {
      const { done, value } = await reader.read();
      for (const text of next(value)) controller.enqueue(parse(text));
      if (done) controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** The texts of the events that these bytes complete; undefined is the end of the stream. */
function createEventReader(): (bytes: Uint8Array | undefined) => string[] {
  const decoder = new TextDecoder();
  const events = createSseDecoder();
  /** Of a line that has not ended: joined once, however many pieces it comes in. */
  let pieces: string[] = [];
  return (bytes) => {
    const piece = bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    pieces.push(piece);
    if (bytes && !/[\r\n]/.test(piece)) return [];
    const text = pieces.join("");
    pieces = [];
    return events.push(text).flatMap(({ data }) => (data === DONE ? [] : [data]));
  };
}
