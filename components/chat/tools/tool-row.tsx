"use client";

import { type ComponentType, memo } from "react";
import type { LiveToolResult, ToolRow } from "../timeline";
import { EditFilesTool } from "./edit-files";
import { ExecuteTool } from "./execute";
import { GenericTool } from "./generic-tool";
import { ProcessListTool, ProcessOutputTool, ProcessSignalTool } from "./process";
import { ReadFilesTool } from "./read-files";
import { createToolCall, type ToolCall } from "./tool-call";

/** One picture per tool, under the tool's own name; reads are drawn in groups. */
const TOOLS: Record<string, ComponentType<{ call: ToolCall }>> = {
  execute: ExecuteTool,
  process_output: ProcessOutputTool,
  process_list: ProcessListTool,
  process_signal: ProcessSignalTool,
  write_file: EditFilesTool,
  edit_files: EditFilesTool,
};

type ToolRowViewProps = { row: ToolRow; live: LiveToolResult | undefined; isChatActive: boolean };

export const ToolRowView = memo(function ToolRowView({ row, live, isChatActive }: ToolRowViewProps) {
  const Tool = Object.hasOwn(TOOLS, row.toolName) ? (TOOLS[row.toolName] ?? GenericTool) : GenericTool;
  return <Tool call={createToolCall(row, live, isChatActive)} />;
});

type ReadsRowViewProps = {
  calls: readonly ToolRow[];
  liveResults: ReadonlyMap<string, LiveToolResult>;
  isChatActive: boolean;
};

export function ReadsRowView({ calls, liveResults, isChatActive }: ReadsRowViewProps) {
  return (
    <ReadFilesTool calls={calls.map((row) => createToolCall(row, liveResults.get(row.toolCallId), isChatActive))} />
  );
}
