/** A client that believes nothing: it folds what a chat's stream sends and throws at every gap, double or regression. */
import type { ChatEvent } from "@/lib/contract/events";
import { type FoldedPart, foldPart } from "@/lib/contract/fold-parts";
import type { Message, QueuedMessage } from "@/lib/contract/messages";

export type StrictViewer = {
  rows: Message[];
  queue: QueuedMessage[];
  status: string;
  version: number;
  episode: string;
  seq: number;
  parts: FoldedPart[];
  resets: { preview: number; history: number };
  /** Where the last connection was cut, in live parts; for tests that wish to know that they tested something. */
  resumedParts: number;
  /** A connection begins: with nothing known, coalesced parts may come first. */
  connected(isResumed: boolean): void;
  take(event: ChatEvent): void;
};

export function createStrictViewer(): StrictViewer {
  let mayJump = true;
  const viewer: StrictViewer = {
    rows: [],
    queue: [],
    status: "",
    version: -1,
    episode: "",
    seq: 0,
    parts: [],
    resets: { preview: 0, history: 0 },
    resumedParts: 0,
    connected(isResumed) {
      if (isResumed && viewer.seq > 0) viewer.resumedParts += 1;
      if (isResumed) return;
      Object.assign(viewer, { rows: [], queue: [], status: "", version: -1 });
      dropParts();
      mayJump = true;
    },
    take(event) {
      switch (event.type) {
        case "message":
          return takeRow(event.message);
        case "message_part":
          return takePart(event);
        case "status":
          if (event.version < viewer.version) throw new Error(`status went back to version ${event.version}`);
          viewer.version = event.version;
          viewer.status = event.status;
          return;
        case "queue_update":
          viewer.queue = event.queued_messages;
          return;
        case "preview_reset":
          viewer.resets.preview += 1;
          dropParts();
          mayJump = true;
          return;
        case "history_reset":
          viewer.resets.history += 1;
          viewer.rows = [];
          return;
        default:
          return;
      }
    },
  };

  const dropParts = () => Object.assign(viewer, { episode: "", seq: 0, parts: [] });

  const takeRow = (message: Message) => {
    const last = viewer.rows.at(-1)?.id ?? 0;
    if (message.id <= last) throw new Error(`row ${message.id} came after row ${last}`);
    viewer.rows.push(message);
    if (message.role === "assistant" || message.role === "tool") dropParts();
  };

  const takePart = (event: Extract<ChatEvent, { type: "message_part" }>) => {
    if (event.episode !== viewer.episode && viewer.parts.length > 0) {
      throw new Error(`episode ${event.episode} began on top of ${viewer.episode}`);
    }
    if (event.seq !== viewer.seq + 1 && !(mayJump && viewer.parts.length === 0)) {
      throw new Error(`part ${event.seq} of ${event.episode} came after ${viewer.seq}`);
    }
    mayJump = false;
    viewer.episode = event.episode;
    viewer.seq = event.seq;
    viewer.parts = foldPart(viewer.parts, event.role, event.part);
  };

  return viewer;
}
