import { assertNever } from "@/lib/assert-never";
import type { FoldedPart } from "@/lib/contract/fold-parts";
import type { Message } from "@/lib/contract/messages";
import { summariseFilesChanged } from "./files-changed";
import { createKeep, groupRows, type Keep, makeAnew } from "./group-rows";
import { collectResults, createToolRow, messageRows, type Results } from "./message-rows";
import { parsePartialJson } from "./partial-json";
import type { LiveToolResult, TimelineRow, ToolRow, TurnEndRow } from "./timeline-rows";

export type RowBuilder = {
  /** Rows of everything that is stored. `isActive`: the last turn goes on, so it has no end yet. */
  build(messages: readonly Message[], isActive: boolean): TimelineRow[];
};

/** What is remembered from one building to the next, by what it is made of. */
type Memory = { rows: Keep; groups: Keep; files: Keep; ends: Keep; undos: Keep };

/**
 * Builds the rows of a chat again and again. A row whose message, place and results are what they were is the same
 * object as before, so that nothing of it is drawn again.
 */
export function createRowBuilder(): RowBuilder {
  const memory: Memory = {
    rows: createKeep(),
    groups: createKeep(),
    files: createKeep(),
    ends: createKeep(),
    undos: createKeep(),
  };
  return { build: (messages, isActive) => buildRows({ messages, isActive, memory }) };
}

type Turn = { key: string; calls: ToolRow[]; answers: Message[] };

function buildRows(options: { messages: readonly Message[]; isActive: boolean; memory: Memory }): TimelineRow[] {
  const { messages, memory } = options;
  const results = collectResults(messages);
  const newestAnswer = messages.findLast((message) => message.role === "assistant")?.id;
  const rows: TimelineRow[] = [];
  let previousId = 0;
  let turn: Turn = { key: "start", calls: [], answers: [] };
  for (const message of messages) {
    if (message.visibility === "model") continue;
    if (message.role === "user") {
      endTurn(rows, turn, memory);
      turn = { key: String(message.id), calls: [], answers: [] };
    }
    const context = { message, previousId, results, isNewest: message.id === newestAnswer };
    const inputs = [previousId, context.isNewest, ...resultsOf(message, results)];
    const made = memory.rows(message, inputs, () => messageRows(context));
    turn.calls.push(...made.filter((row) => row.kind === "tool"));
    if (message.role === "assistant" && !message.compressed) turn.answers.push(message);
    rows.push(...made);
    previousId = message.id;
  }
  if (!options.isActive) {
    endTurn(rows, turn, memory);
    offerUndo(rows, memory);
  }
  return groupRows(rows, memory.groups);
}

/** On the newest boundary alone, as the server takes back. */
function offerUndo(rows: TimelineRow[], memory: Memory): void {
  const index = rows.findLastIndex((row) => row.kind === "boundary" && row.state === "done");
  const row = rows[index];
  if (row?.kind === "boundary") rows[index] = memory.undos(row, [], () => ({ ...row, canUndo: true }));
}

/** The results that a message's rows are made of. */
function resultsOf(message: Message, results: Results): unknown[] {
  if (message.role !== "assistant") return [];
  return message.content.flatMap((part) => (part.type === "tool-call" ? [results.get(part.tool_call_id)] : []));
}

/** Below the turn's last answer: a boundary that came when it was over is none of it. */
function endTurn(rows: TimelineRow[], turn: Turn, memory: Memory): void {
  const last = rows.findLastIndex((row) => row.kind !== "boundary");
  rows.splice(last + 1, 0, ...turnEnd(turn, memory));
}

/** What a turn changed, then its end. */
function turnEnd(turn: Turn, memory: Memory): TimelineRow[] {
  const [firstCall] = turn.calls;
  const [firstAnswer] = turn.answers;
  const files = firstCall && memory.files(firstCall, turn.calls, () => summariseTurn(turn));
  const end: TurnEndRow | undefined =
    firstAnswer &&
    memory.ends(firstAnswer, turn.answers, () => ({ kind: "turn-end", key: `end/${turn.key}`, answers: turn.answers }));
  return [...(files ? [files] : []), ...(end ? [end] : [])];
}

function summariseTurn({ key, calls }: Turn): TimelineRow | undefined {
  const summary = summariseFilesChanged(
    calls.map(({ toolName, result }) => ({ toolName, result: result?.value, isError: result?.isError ?? false })),
  );
  return summary && { kind: "files-changed", key: `files/${key}`, summary };
}

/** Rows of the running step. Their keys are those of the durable rows that will replace them, so nothing remounts. */
export function buildLiveRows(blocks: readonly FoldedPart[], previousId: number): TimelineRow[] {
  const rows = blocks.flatMap((block, index) =>
    liveRows({ block, key: `${previousId}/${index}`, isLast: index === blocks.length - 1 }),
  );
  return groupRows(rows, makeAnew);
}

function liveRows({ block, key, isLast }: { block: FoldedPart; key: string; isLast: boolean }): TimelineRow[] {
  switch (block.type) {
    case "text":
      if (block.text.trim() === "") return [];
      return [{ kind: "text", key, text: block.text, isLive: isLast, messageId: null }];
    case "reasoning":
      if (block.text.trim() === "") return [];
      return [{ kind: "reasoning", key, text: block.text, durationMs: undefined, isLive: isLast }];
    case "tool-call": {
      const args = block.args ?? parsePartialJson(block.args_text);
      return [createToolRow({ id: block.tool_call_id, name: block.tool_name, args, isNewest: true })];
    }
    case "source":
      return [{ kind: "sources", key, sources: [{ type: "source", url: block.url, title: block.title }] }];
    case "tool-result":
      // Drawn inside the card of its call.
      return [];
    default:
      return assertNever(block);
  }
}

/** Joins stored and live rows; reads that touch at the border become one line. */
export function joinRows(durable: readonly TimelineRow[], live: readonly TimelineRow[]): readonly TimelineRow[] {
  if (live.length === 0) return durable;
  const last = durable.at(-1);
  const first = live[0];
  if (last?.kind === "reads" && first?.kind === "reads") {
    return [...durable.slice(0, -1), { ...last, calls: [...last.calls, ...first.calls] }, ...live.slice(1)];
  }
  return [...durable, ...live];
}

export function indexLiveResults(blocks: readonly FoldedPart[]): ReadonlyMap<string, LiveToolResult> {
  return new Map(blocks.flatMap((block) => (block.type === "tool-result" ? [[block.tool_call_id, block]] : [])));
}
