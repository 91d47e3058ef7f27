/** What a model port says in one call, in order: its parts, then its end. */
import type { ModelEnd, ModelPart, ModelPort, ModelRequest } from "@/lib/agent/types";

export type ModelEvent = { type: "part"; part: ModelPart } | ModelEnd;

type Options = { onEvent?: (event: ModelEvent) => void; signal?: AbortSignal };

export async function collectEvents(
  port: ModelPort,
  request: ModelRequest,
  { onEvent, signal = new AbortController().signal }: Options = {},
): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const add = (event: ModelEvent) => {
    events.push(event);
    onEvent?.(event);
  };
  add(await port.stream(request, { onPart: (part) => add({ type: "part", part }), signal }));
  return events;
}
