/** Folds live parts into what they show so far. Pure: the browser's reducer and the server's partial answer share it. */
import { assertNever } from "../assert-never";
import type { LivePart } from "./events";
import type { MessageRole, Part } from "./messages";

/** Live output of a tool that is kept, in characters; the whole output is in its result, or in a file. */
export const MAX_LIVE_OUTPUT = 65_536;

type Folded =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string }
  | {
      type: "tool-call";
      tool_call_id: string;
      tool_name: string;
      /** Raw JSON text of the arguments so far. */
      args_text: string;
      /** Parsed arguments; absent until they are complete. */
      args?: unknown;
    }
  | {
      type: "tool-result";
      tool_call_id: string;
      tool_name: string;
      /** Live output, its last `MAX_LIVE_OUTPUT` characters. */
      output: string;
      is_finished: boolean;
      result?: unknown;
      is_error?: boolean;
      duration_ms?: number;
    }
  | { type: "source"; url: string; title: string };

/** What the live parts of an episode show, in order of first appearance. */
export type FoldedPart = Folded & { role: MessageRole };

/**
 * Adds one live part. Text and reasoning join the last part when it is of the same kind; calls and results are found by
 * their call id. Returns a new array; parts that did not change keep their identity.
 */
export function foldPart(parts: readonly FoldedPart[], role: MessageRole, part: LivePart): FoldedPart[] {
  switch (part.type) {
    case "text":
    case "reasoning": {
      const last = parts.at(-1);
      if (last?.type === part.type && last.role === role) {
        return [...parts.slice(0, -1), { ...last, text: last.text + part.delta }];
      }
      return [...parts, { role, type: part.type, text: part.delta }];
    }
    case "source":
      return [...parts, { role, type: "source", url: part.url, title: part.title }];
    case "tool-call":
      return upsert(parts, part, (known) => foldCall(known, role, part));
    case "tool-result":
      return upsert(parts, part, (known) => foldResult(known, role, part));
  }
}

/** Live parts that fold into the same: at most one for each folded part. */
export function unfoldPart(folded: FoldedPart): LivePart {
  switch (folded.type) {
    case "text":
    case "reasoning":
      return { type: folded.type, delta: folded.text };
    case "source":
      return { type: "source", url: folded.url, title: folded.title };
    case "tool-call": {
      const { tool_call_id, tool_name } = folded;
      return {
        type: "tool-call",
        tool_call_id,
        tool_name,
        ...(folded.args_text === "" ? {} : { args_delta: folded.args_text }),
        ...(folded.args === undefined ? {} : { args: folded.args }),
      };
    }
    case "tool-result": {
      const { role: _role, output, is_finished: _isFinished, ...rest } = folded;
      return { ...rest, ...(output === "" ? {} : { result_delta: output }) };
    }
  }
}

/**
 * The parts of a message that stops here: empty text and results that never came are left out, and a call whose
 * arguments are cut keeps their raw text.
 */
export function settleParts(parts: readonly FoldedPart[]): Part[] {
  return parts.flatMap((part): Part[] => {
    switch (part.type) {
      case "text":
      case "reasoning":
        return part.text === "" ? [] : [{ type: part.type, text: part.text }];
      case "source":
        return [{ type: "source", url: part.url, title: part.title }];
      case "tool-call": {
        const { tool_call_id, tool_name } = part;
        return [{ type: "tool-call", tool_call_id, tool_name, args: part.args ?? parseArgs(part.args_text) }];
      }
      case "tool-result": {
        if (!part.is_finished) return [];
        const { role: _role, output: _output, is_finished: _isFinished, ...rest } = part;
        return [{ ...rest, result: part.result, is_error: part.is_error ?? false }];
      }
      default:
        return assertNever(part);
    }
  });
}

/** What calls printed, by their ids. */
export type Printed = ReadonlyMap<string, string>;

/** What those calls have printed that have no result yet; silent ones are left out. */
export const printedSoFar = (parts: readonly FoldedPart[]): Printed =>
  new Map(
    parts.flatMap((part) =>
      part.type === "tool-result" && !part.is_finished && part.output !== ""
        ? [[part.tool_call_id, part.output] as const]
        : [],
    ),
  );

type CallOrResult = Extract<LivePart, { tool_call_id: string }>;
type FoldedCall = Extract<FoldedPart, { type: "tool-call" }>;
type FoldedResult = Extract<FoldedPart, { type: "tool-result" }>;

function upsert<P extends CallOrResult>(
  parts: readonly FoldedPart[],
  part: P,
  fold: (known: Extract<FoldedPart, { type: P["type"] }> | undefined) => FoldedPart,
): FoldedPart[] {
  const index = parts.findLastIndex((one) => one.type === part.type && one.tool_call_id === part.tool_call_id);
  const folded = fold(parts[index] as Extract<FoldedPart, { type: P["type"] }> | undefined);
  return index === -1 ? [...parts, folded] : parts.with(index, folded);
}

function foldCall(known: FoldedCall | undefined, role: MessageRole, part: Extract<LivePart, { type: "tool-call" }>) {
  return {
    role,
    type: "tool-call" as const,
    tool_call_id: part.tool_call_id,
    tool_name: part.tool_name,
    args_text: (known?.args_text ?? "") + (part.args_delta ?? ""),
    ...(known && "args" in known ? { args: known.args } : {}),
    ...(part.args === undefined ? {} : { args: part.args }),
  };
}

function foldResult(
  known: FoldedResult | undefined,
  role: MessageRole,
  part: Extract<LivePart, { type: "tool-result" }>,
): FoldedResult {
  const { result_delta: delta, ...facts } = part;
  const output = (known?.output ?? "") + (delta ?? "");
  return {
    ...known,
    ...facts,
    role,
    output: output.length > MAX_LIVE_OUTPUT ? output.slice(-MAX_LIVE_OUTPUT) : output,
    is_finished: (known?.is_finished ?? false) || part.is_error !== undefined,
  };
}

function parseArgs(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
