import { assertNever } from "@/lib/assert-never";
import type { LivePart } from "@/lib/contract/events";

/** What the running step has shown so far. A result stays here until its durable row replaces it. */
export type LiveBlock =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | { type: "tool-call"; tool_call_id: string; tool_name: string; argsText: string; args: unknown }
  | {
      type: "tool-result";
      tool_call_id: string;
      tool_name: string;
      output: string;
      result: unknown;
      /** Whether `result` has arrived; a result may be null. */
      isDone: boolean;
      is_error: boolean;
      duration_ms?: number;
    }
  | { type: "source"; url: string; title: string };

export type LiveToolResult = Extract<LiveBlock, { type: "tool-result" }>;

/** Live output kept of one tool: the tail that a card can show. */
export const MAX_LIVE_OUTPUT_CHARS = 64_000;

/** Adds one part to the blocks; unknown types leave them as they are. Unchanged blocks keep their identity. */
export function appendLivePart(blocks: readonly LiveBlock[], part: LivePart): readonly LiveBlock[] {
  switch (part.type) {
    case "text":
    case "reasoning":
      return appendDelta(blocks, part.type, part.delta);
    case "tool-call":
      return appendToolCall(blocks, part);
    case "tool-result":
      return appendToolResult(blocks, part);
    case "source":
      return [...blocks, part];
    default:
      // A newer server may send parts this page does not know.
      return ignoreUnknown(part, blocks);
  }
}

function ignoreUnknown<T>(part: never, blocks: T): T {
  return typeof part === "object" ? blocks : assertNever(part);
}

function appendDelta(blocks: readonly LiveBlock[], type: "text" | "reasoning", delta: string): readonly LiveBlock[] {
  const last = blocks.at(-1);
  if (last?.type === type) return [...blocks.slice(0, -1), { type, text: last.text + delta }];
  return [...blocks, { type, text: delta }];
}

function appendToolCall(
  blocks: readonly LiveBlock[],
  part: Extract<LivePart, { type: "tool-call" }>,
): readonly LiveBlock[] {
  const index = blocks.findIndex((block) => block.type === "tool-call" && block.tool_call_id === part.tool_call_id);
  const known = index < 0 ? undefined : (blocks[index] as Extract<LiveBlock, { type: "tool-call" }>);
  return put(blocks, index, {
    type: "tool-call",
    tool_call_id: part.tool_call_id,
    tool_name: part.tool_name || known?.tool_name || "",
    argsText: (known?.argsText ?? "") + (part.args_delta ?? ""),
    args: part.args ?? known?.args,
  });
}

function appendToolResult(
  blocks: readonly LiveBlock[],
  part: Extract<LivePart, { type: "tool-result" }>,
): readonly LiveBlock[] {
  const index = blocks.findIndex((block) => block.type === "tool-result" && block.tool_call_id === part.tool_call_id);
  const known = index < 0 ? undefined : (blocks[index] as LiveToolResult);
  const isDone = part.result !== undefined || part.is_error !== undefined;
  return put(blocks, index, {
    type: "tool-result",
    tool_call_id: part.tool_call_id,
    tool_name: part.tool_name || known?.tool_name || "",
    output: ((known?.output ?? "") + (part.result_delta ?? "")).slice(-MAX_LIVE_OUTPUT_CHARS),
    result: part.result ?? known?.result,
    isDone: isDone || (known?.isDone ?? false),
    is_error: part.is_error ?? known?.is_error ?? false,
    duration_ms: part.duration_ms ?? known?.duration_ms,
  });
}

function put(blocks: readonly LiveBlock[], index: number, block: LiveBlock): readonly LiveBlock[] {
  return index < 0 ? [...blocks, block] : blocks.with(index, block);
}
