import type { Message, Part } from "@/lib/contract/messages";
import type { BoundaryRow, TimelineRow, UserRow } from "./timeline-rows";
import { fieldsOf, readErrorText, textOf } from "./tool-data";

type ResultPart = Extract<Part, { type: "tool-result" }>;
export type Results = ReadonlyMap<string, ResultPart>;

/** Results by the call they answer, whatever row they are stored in. */
export function collectResults(messages: readonly Message[]): Results {
  return new Map(
    messages.flatMap((message) =>
      message.content.flatMap((part) => (part.type === "tool-result" ? [[part.tool_call_id, part] as const] : [])),
    ),
  );
}

type MessageContext = {
  message: Message;
  /** Keys name the row before, so that a live row and the stored one that replaces it have the same key. */
  previousId: number;
  results: Results;
  isNewest: boolean;
};

/** The rows of one stored message, before rows that belong together are joined. */
export function messageRows(context: MessageContext): TimelineRow[] {
  const { message } = context;
  if (message.role === "user") return [createUserRow(message)];
  if (message.role === "system") return [{ kind: "notice", key: `m${message.id}`, text: joinTexts(message.content) }];
  return message.content.flatMap((part, index) => partRows({ ...context, part, index }));
}

function partRows(options: MessageContext & { part: Part; index: number }): TimelineRow[] {
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
    case "file":
      return [{ kind: "file", key, file: part }];
    default:
      // Results are drawn inside the card of their call; unknown parts have no row of their own.
      return [];
  }
}

function createUserRow(message: Message): UserRow {
  return {
    kind: "user",
    key: `m${message.id}`,
    message,
    texts: message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])),
    references: message.content.filter((part) => part.type === "file-reference"),
    files: message.content.filter((part) => part.type === "file"),
  };
}

/** A call as a card; the calls that stand for compaction are boundaries. */
export function createToolRow(options: {
  id: string;
  name: string;
  args: unknown;
  isNewest: boolean;
  result?: ResultPart | undefined;
}): TimelineRow {
  const { id, name, args, isNewest, result } = options;
  const act = BOUNDARIES[name];
  if (act) return createBoundary(id, act, result);
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

const BOUNDARIES: Record<string, BoundaryRow["act"] | undefined> = {
  chat_summarized: "summarised",
  chat_cleared: "cleared",
};

/** Whether a call stands for a compaction rather than for a tool. */
export const isBoundaryTool = (name: string): boolean => name in BOUNDARIES;

function createBoundary(key: string, act: BoundaryRow["act"], result: ResultPart | undefined): BoundaryRow {
  const facts = result?.result;
  const row = { kind: "boundary", key, act, facts, canUndo: false } as const;
  if (!result) return { ...row, state: "running", text: "" };
  if (result.is_error) return { ...row, state: "failed", text: readErrorText(facts) };
  return { ...row, state: "done", text: textOf(fieldsOf(facts).summary) ?? "" };
}

function joinTexts(parts: readonly Part[]): string {
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
