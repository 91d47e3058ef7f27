import type { FoldedPart } from "@/lib/contract/fold-parts";
import type { FilePart, FileReferencePart, Message, SourcePart } from "@/lib/contract/messages";
import type { FilesChanged } from "./files-changed";

/** What the transcript is made of. One row is one thing that is drawn. */

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

export type UserRow = {
  kind: "user";
  key: string;
  message: Message;
  texts: string[];
  references: FileReferencePart[];
  files: FilePart[];
};

/** Where the model's memory begins anew: earlier messages were summarised or left out, for the model only. */
export type BoundaryRow = {
  kind: "boundary";
  key: string;
  act: "summarised" | "cleared";
  state: "running" | "done" | "failed";
  /** The summary, or what went wrong. */
  text: string;
  /** The whole result; what it says of tokens is read from it. */
  facts: unknown;
  /** It is the newest one, and nothing runs that sees less because of it. */
  canUndo: boolean;
};

export type SourcesRow = { kind: "sources"; key: string; sources: SourcePart[] };

/** The end of a turn: its answers, to copy, to fork from, to count. */
export type TurnEndRow = { kind: "turn-end"; key: string; answers: readonly Message[] };

export type TimelineRow =
  | UserRow
  | { kind: "text"; key: string; text: string; isLive: boolean; messageId: number | null }
  | { kind: "reasoning"; key: string; text: string; durationMs: number | undefined; isLive: boolean }
  | ToolRow
  | { kind: "reads"; key: string; calls: ToolRow[] }
  | SourcesRow
  | BoundaryRow
  | { kind: "file"; key: string; file: FilePart }
  | { kind: "notice"; key: string; text: string }
  | { kind: "files-changed"; key: string; summary: FilesChanged }
  | TurnEndRow;
