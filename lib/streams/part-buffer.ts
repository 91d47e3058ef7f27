/** The running episodes of this process: appends become frames, once per 16 ms at most. Hands frames on; does no I/O. */
import type { Clock } from "@/lib/clock";
import type { LivePart } from "@/lib/contract/events";
import { type Printed, printedSoFar } from "@/lib/contract/fold-parts";
import type { MessageRole } from "@/lib/contract/messages";
import { createPartLog, type Episode, type Frame, isNewerEpisode, type PartLog } from "./part-log";

/** One frame of a 60 Hz screen: more often than that nobody can see. */
const FRAME_INTERVAL_MS = 16;
/** A delta grows no further than this by coalescing, so that one frame stays well below a viewer's bound. */
const MAX_DELTA_CHARS = 32_768;
/** A finished episode waits this long for its durable row to be seen by those who watch. */
const CLOSED_KEPT_MS = 30_000;

export type PartWriter = {
  append(role: MessageRole, part: LivePart): void;
  /** What the calls of the episode have printed that have no result yet. */
  printed(): Printed;
  /** No more parts come; the parts stay until the episode's durable row replaces them. */
  close(): void;
};

export type PartBuffer = {
  open(episode: Episode): PartWriter;
  /** Numbers what still waits for the end of its 16 ms. */
  flush(chatId: string): void;
  /** The newest episode of the chat on this process. */
  find(chatId: string): PartLog | undefined;
  close(): void;
};

type FlushingWriter = PartWriter & { flush(): void };
type Pending = { role: MessageRole; part: LivePart };

/** `onFrames` hears of every batch of new frames, in order. */
export function createPartBuffer(options: {
  clock: Clock;
  onFrames: (log: PartLog, frames: readonly Frame[]) => void;
}): PartBuffer {
  const { clock } = options;
  const logs = new Map<string, { log: PartLog; writer: FlushingWriter }>();
  const closing = new AbortController();
  /** Finished episodes and when they are forgotten, the next one first: one timer for all of them. */
  const finished = new Map<PartLog, number>();
  let isForgetting = false;

  const forgetLater = (log: PartLog) => {
    finished.set(log, clock.now() + CLOSED_KEPT_MS);
    if (!isForgetting) void forgetFinished();
  };
  const forgetFinished = async () => {
    isForgetting = true;
    for (const [log, dueAt] of finished) {
      const leftMs = Math.min(CLOSED_KEPT_MS, Math.max(0, dueAt - clock.now()));
      await clock.sleep(leftMs, closing.signal).catch(() => undefined);
      finished.delete(log);
      if (logs.get(log.episode.chatId)?.log === log) logs.delete(log.episode.chatId);
    }
    isForgetting = false;
  };

  return {
    open(episode) {
      const known = logs.get(episode.chatId);
      const log = createPartLog(episode);
      const writer = createPartWriter({ ...options, log, onClose: () => forgetLater(log) });
      // A paused process that wakes up must not replace the episode of its successor.
      if (known && isNewerEpisode(known.log.episode, episode)) {
        writer.close();
        return writer;
      }
      known?.writer.close();
      if (known) finished.delete(known.log);
      logs.set(episode.chatId, { log, writer });
      return writer;
    },
    flush: (chatId) => logs.get(chatId)?.writer.flush(),
    find: (chatId) => logs.get(chatId)?.log,
    close() {
      closing.abort();
      for (const { writer } of logs.values()) writer.close();
      logs.clear();
    },
  };
}

function createPartWriter(options: {
  log: PartLog;
  clock: Clock;
  onFrames: (log: PartLog, frames: readonly Frame[]) => void;
  onClose: () => void;
}): FlushingWriter {
  const { log, clock } = options;
  let pending: Pending[] = [];
  let lastFrameAt = Number.NEGATIVE_INFINITY;
  let isScheduled = false;

  const flush = () => {
    if (pending.length === 0) return;
    const batch = pending;
    pending = log.isClosed ? [] : holdBackHalfCharacter(batch);
    const frames = batch.map(({ role, part }) => log.add(role, wellFormed(part)));
    if (frames.length === 0) return;
    lastFrameAt = clock.now();
    options.onFrames(log, frames);
  };

  const schedule = (delayMs: number) => {
    if (isScheduled) return;
    isScheduled = true;
    void clock.sleep(delayMs).then(() => {
      isScheduled = false;
      flush();
    });
  };

  return {
    flush,
    printed() {
      flush();
      return printedSoFar(log.folded());
    },
    append(role, part) {
      if (log.isClosed) return;
      const last = pending.at(-1);
      const joined = last && last.role === role ? joinParts(last.part, part) : undefined;
      if (joined) pending[pending.length - 1] = { role, part: joined };
      else pending.push({ role, part });
      if (isScheduled) return;
      const sinceLastMs = clock.now() - lastFrameAt;
      if (sinceLastMs >= FRAME_INTERVAL_MS) flush();
      else schedule(FRAME_INTERVAL_MS - sinceLastMs);
    },
    close() {
      if (log.isClosed) return;
      log.isClosed = true;
      flush();
      options.onClose();
    },
  };
}

/** Two neighbouring deltas as one, undefined when they do not belong together. */
export function joinParts(a: LivePart, b: LivePart): LivePart | undefined {
  if (a.type === "text" || a.type === "reasoning") {
    if (b.type !== a.type || a.delta.length + b.delta.length > MAX_DELTA_CHARS) return undefined;
    return { type: a.type, delta: a.delta + b.delta };
  }
  if (a.type === "tool-call" && b.type === "tool-call" && a.tool_call_id === b.tool_call_id) {
    const args = `${a.args_delta ?? ""}${b.args_delta ?? ""}`;
    if (args.length > MAX_DELTA_CHARS || a.args !== undefined) return undefined;
    return { ...a, ...b, ...(args === "" ? {} : { args_delta: args }) };
  }
  if (a.type === "tool-result" && b.type === "tool-result" && a.tool_call_id === b.tool_call_id) {
    const output = `${a.result_delta ?? ""}${b.result_delta ?? ""}`;
    if (output.length > MAX_DELTA_CHARS || a.is_error !== undefined) return undefined;
    return { ...a, ...b, ...(output === "" ? {} : { result_delta: output }) };
  }
  return undefined;
}

const deltaKey = {
  text: "delta",
  reasoning: "delta",
  "tool-call": "args_delta",
  "tool-result": "result_delta",
} as const;

/** A delta may end in the first half of a surrogate pair; that half leaves with the next delta. Changes `batch`. */
function holdBackHalfCharacter(batch: Pending[]): Pending[] {
  const last = batch.at(-1);
  if (!last || last.part.type === "source") return [];
  const key = deltaKey[last.part.type];
  const part = last.part as Record<string, unknown>;
  const delta = part[key];
  if (typeof delta !== "string" || !/[\uD800-\uDBFF]$/.test(delta) || isFinal(last.part)) return [];
  const held = { role: last.role, part: { ...part, [key]: delta.slice(-1) } as LivePart };
  if (delta.length === 1) batch.pop();
  else batch[batch.length - 1] = { role: last.role, part: { ...part, [key]: delta.slice(0, -1) } as LivePart };
  return [held];
}

const isFinal = (part: LivePart): boolean =>
  (part.type === "tool-call" && part.args !== undefined) ||
  (part.type === "tool-result" && part.is_error !== undefined);

/** PostgreSQL's jsonb refuses NUL and half surrogate pairs; they become U+FFFD everywhere. */
function wellFormed(part: LivePart): LivePart {
  if (part.type === "source") return part;
  const key = deltaKey[part.type];
  const delta = (part as Record<string, unknown>)[key];
  if (typeof delta !== "string" || (delta.isWellFormed() && !delta.includes("\0"))) return part;
  return { ...part, [key]: delta.toWellFormed().replaceAll("\0", "\uFFFD") } as LivePart;
}
