import { assertNever } from "@/lib/assert-never";
import type { FoldedPart } from "@/lib/contract/fold-parts";
import type { FileReferencePart, Message, Part, SourcePart } from "@/lib/contract/messages";
import { type FilesChanged, summariseFilesChanged } from "./files-changed";
import { parsePartialJson } from "./partial-json";
import { textOf } from "./tool-data";

/** A result that is being streamed: its output so far, in the end the result. */
export type LiveToolResult = Extract<FoldedPart, { type: "tool-result" }>;

/** A call and what became of it, at the call's place, whatever rows they are stored in. */
export type ToolRow = {
  kind: "tool";
  key: string;
  toolCallId: string;
  toolName: string;
  args: unknown;
  result: { value: unknown; isError: boolean; durationMs: number | undefined } | undefined;
  /** Whether the call is in the newest answer: only there may it still be running. */
  isNewest: boolean;
};

export type TimelineRow =
  | { kind: "user"; key: string; message: Message; texts: string[]; references: FileReferencePart[] }
  | { kind: "text"; key: string; text: string; isLive: boolean; messageId: number | null }
  | { kind: "reasoning"; key: string; text: string; durationMs: number | undefined; isLive: boolean }
  | ToolRow
  | { kind: "reads"; key: string; calls: ToolRow[] }
  | { kind: "sources"; key: string; sources: SourcePart[] }
  | { kind: "summary"; key: string; text: string }
  | { kind: "notice"; key: string; text: string }
  | { kind: "files-changed"; key: string; summary: FilesChanged };

/** Rows of everything that is stored. Pure over the messages alone, so that a delta does not rebuild it. */
export function buildDurableRows(messages: readonly Message[]): TimelineRow[] {
  const results = collectResults(messages);
  const newestAnswer = messages.findLast((message) => message.role === "assistant")?.id;
  const rows: TimelineRow[] = [];
  let previousId = 0;
  let turn: { key: string; calls: ToolRow[] } = { key: "start", calls: [] };
  for (const message of messages) {
    if (message.visibility === "model") continue;
    if (message.role === "user") {
      pushFilesChanged(rows, turn);
      turn = { key: String(message.id), calls: [] };
    }
    for (const row of messageRows({ message, previousId, results, isNewest: message.id === newestAnswer })) {
      if (row.kind === "tool") turn.calls.push(row);
      rows.push(row);
    }
    previousId = message.id;
  }
  return groupRows(rows);
}

/** The summary of the last turn; drawn only once the turn has ended. */
export function lastTurnFilesChanged(messages: readonly Message[]): TimelineRow | undefined {
  const start = messages.findLastIndex((message) => message.role === "user");
  const rows: TimelineRow[] = [];
  const turn = messages.slice(Math.max(0, start));
  const results = collectResults(turn);
  const calls = turn.flatMap((message) =>
    messageRows({ message, previousId: 0, results, isNewest: false }).filter((row) => row.kind === "tool"),
  );
  pushFilesChanged(rows, { key: String(turn[0]?.id ?? "start"), calls });
  return rows[0];
}

/** Rows of the running step. Their keys are those of the durable rows that will replace them, so nothing remounts. */
export function buildLiveRows(blocks: readonly FoldedPart[], previousId: number): TimelineRow[] {
  const rows = blocks.flatMap((block, index): TimelineRow[] => {
    const isLast = index === blocks.length - 1;
    switch (block.type) {
      case "text":
        if (block.text.trim() === "") return [];
        return [{ kind: "text", key: `${previousId}/${index}`, text: block.text, isLive: isLast, messageId: null }];
      case "reasoning":
        if (block.text.trim() === "") return [];
        return [
          { kind: "reasoning", key: `${previousId}/${index}`, text: block.text, durationMs: undefined, isLive: isLast },
        ];
      case "tool-call": {
        const args = block.args ?? parsePartialJson(block.args_text);
        return [createToolRow({ id: block.tool_call_id, name: block.tool_name, args, isNewest: true })];
      }
      case "source":
        return [
          {
            kind: "sources",
            key: `${previousId}/${index}`,
            sources: [{ type: "source", url: block.url, title: block.title }],
          },
        ];
      case "tool-result":
        // Drawn inside the card of its call.
        return [];
      default:
        return assertNever(block);
    }
  });
  return groupRows(rows);
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

type Results = ReadonlyMap<string, Extract<Part, { type: "tool-result" }>>;

function collectResults(messages: readonly Message[]): Results {
  return new Map(
    messages.flatMap((message) =>
      message.content.flatMap((part) => (part.type === "tool-result" ? [[part.tool_call_id, part] as const] : [])),
    ),
  );
}

function messageRows(options: {
  message: Message;
  previousId: number;
  results: Results;
  isNewest: boolean;
}): TimelineRow[] {
  const { message } = options;
  if (message.role === "user") return [createUserRow(message)];
  if (message.role === "system") return [{ kind: "notice", key: `m${message.id}`, text: joinTexts(message.content) }];
  return message.content.flatMap((part, index) => partRows({ ...options, part, index }));
}

function partRows(options: {
  message: Message;
  previousId: number;
  results: Results;
  isNewest: boolean;
  part: Part;
  index: number;
}): TimelineRow[] {
  const { message, previousId, results, part, index, isNewest } = options;
  const key = `${previousId}/${index}`;
  switch (part.type) {
    case "text":
      if (part.text.trim() === "") return [];
      return [{ kind: "text", key, text: part.text, isLive: false, messageId: message.id }];
    case "reasoning":
      if (part.text.trim() === "") return [];
      return [{ kind: "reasoning", key, text: part.text, durationMs: part.duration_ms, isLive: false }];
    case "tool-call": {
      const result = results.get(part.tool_call_id);
      return [createToolRow({ id: part.tool_call_id, name: part.tool_name, args: part.args, isNewest, result })];
    }
    case "source":
      return [{ kind: "sources", key, sources: [part] }];
    default:
      // Results are drawn inside the card of their call; files and unknown parts have no row of their own.
      return [];
  }
}

function createUserRow(message: Message): TimelineRow {
  return {
    kind: "user",
    key: `m${message.id}`,
    message,
    texts: message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])),
    references: message.content.filter((part) => part.type === "file-reference"),
  };
}

function createToolRow(options: {
  id: string;
  name: string;
  args: unknown;
  isNewest: boolean;
  result?: Extract<Part, { type: "tool-result" }>;
}): TimelineRow {
  const { id, name, args, isNewest, result } = options;
  const summary = result && summaryOf(result.result);
  if (name === "chat_summarized" && summary !== undefined) return { kind: "summary", key: id, text: summary };
  return {
    kind: "tool",
    key: id,
    toolCallId: id,
    toolName: name,
    args,
    isNewest,
    result: result && { value: result.result, isError: result.is_error, durationMs: result.duration_ms },
  };
}

function summaryOf(result: unknown): string | undefined {
  return typeof result === "object" && result !== null && "summary" in result ? textOf(result.summary) : undefined;
}

function pushFilesChanged(rows: TimelineRow[], turn: { key: string; calls: ToolRow[] }): void {
  const summary = summariseFilesChanged(
    turn.calls.map((call) => ({
      toolName: call.toolName,
      result: call.result?.value,
      isError: call.result?.isError ?? false,
    })),
  );
  if (summary) rows.push({ kind: "files-changed", key: `files/${turn.key}`, summary });
}

/** Consecutive reads become one line, consecutive sources one block with each address once. */
function groupRows(rows: readonly TimelineRow[]): TimelineRow[] {
  const grouped: TimelineRow[] = [];
  for (const row of rows) {
    const last = grouped.at(-1);
    if (row.kind === "tool" && row.toolName === "read_file") {
      if (last?.kind === "reads") last.calls.push(row);
      else grouped.push({ kind: "reads", key: row.key, calls: [row] });
    } else if (row.kind === "sources" && last?.kind === "sources") {
      const known = new Set(last.sources.map((source) => source.url));
      last.sources.push(...row.sources.filter((source) => !known.has(source.url)));
    } else {
      grouped.push(row.kind === "sources" ? { ...row, sources: [...row.sources] } : row);
    }
  }
  return grouped;
}

function joinTexts(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
