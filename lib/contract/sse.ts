/** The text format of Server-Sent Events, both ways. Pure: opens no connection and knows no event of ours. */

/** On the answer of the browser's stream: what the server's pages were built from. */
export const BUILD_HEADER = "x-slipway-build";

export type SseEvent = {
  /** `message` when the sender named none. */
  event: string;
  /** The last id seen on this connection, "" before the first. */
  id: string;
  data: string;
};

/** One event. `data` must be one line: what `JSON.stringify` writes is. */
export const encodeSseEvent = (options: { event: string; id: string; data: string }): string =>
  `event: ${options.event}\nid: ${options.id}\ndata: ${options.data}\n\n`;

/** A line that clients ignore; it shows that the connection lives. */
export const SSE_COMMENT = ":\n\n";

/** Asks the client to reconnect after so many milliseconds, and with this id when no event has brought another. */
export const encodeSseRetry = (delayMs: number, id?: string): string =>
  `retry: ${delayMs}\n${id === undefined ? "" : `id: ${id}\n`}\n`;

/**
 * Reads a stream of text chunks cut anywhere. `push` returns the events that are complete; an event without data is
 * dropped, as the standard says. Line ends may be LF, CR or CRLF, also when a chunk ends between CR and LF.
 */
export function createSseDecoder(): { push(chunk: string): SseEvent[]; lastEventId(): string } {
  let rest = "";
  let endedInCr = false;
  let id = "";
  let event = "";
  let data: string[] = [];

  const takeLine = (line: string): SseEvent | undefined => {
    if (line === "") {
      const done = data.length > 0 ? { event: event || "message", id, data: data.join("\n") } : undefined;
      event = "";
      data = [];
      return done;
    }
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    else if (field === "data") data.push(value);
    else if (field === "id" && !value.includes("\0")) id = value;
    return undefined;
  };

  return {
    push(chunk) {
      const text = rest + (endedInCr && chunk.startsWith("\n") ? chunk.slice(1) : chunk);
      if (chunk !== "") endedInCr = chunk.endsWith("\r");
      const lines = text.split(/\r\n|\r|\n/);
      rest = lines.pop() ?? "";
      return lines.flatMap((line) => takeLine(line) ?? []);
    },
    lastEventId: () => id,
  };
}
