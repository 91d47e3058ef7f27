"use client";

import { type ComponentType, memo } from "react";
import type { LiveToolResult, ToolRow } from "../timeline-rows";
import { AttachFileTool } from "./attach-file";
import { EditFilesTool } from "./edit-files";
import { ExecuteTool } from "./execute";
import { GenericTool } from "./generic-tool";
import { ListAgentsTool } from "./list-agents";
import { LookFilesTool } from "./look-files";
import { PlanTool } from "./plan";
import { ProcessListTool, ProcessOutputTool, ProcessSignalTool } from "./process";
import { QuestionTool } from "./question";
import { ReadFilesTool } from "./read-files";
import { ReadSkillTool } from "./read-skill";
import { AgentCallTool, SpawnAgentTool } from "./subagent";
import { type ChatPhase, createToolCall, type ToolCall } from "./tool-call";
import { WebSearchTool } from "./web-search";
import { ListTemplatesTool, WorkspaceTool } from "./workspace";

/** One picture per tool, under the tool's own name; reads are drawn in groups. */
const TOOLS: Record<string, ComponentType<{ call: ToolCall }>> = {
  execute: ExecuteTool,
  process_output: ProcessOutputTool,
  process_list: ProcessListTool,
  process_signal: ProcessSignalTool,
  write_file: EditFilesTool,
  edit_files: EditFilesTool,
  attach_file: AttachFileTool,
  spawn_agent: SpawnAgentTool,
  spawn_computer_use_agent: SpawnAgentTool,
  wait_agent: AgentCallTool,
  message_agent: AgentCallTool,
  interrupt_agent: AgentCallTool,
  list_agents: ListAgentsTool,
  propose_plan: PlanTool,
  ask_user_question: QuestionTool,
  list_templates: ListTemplatesTool,
  create_workspace: WorkspaceTool,
  start_workspace: WorkspaceTool,
  stop_workspace: WorkspaceTool,
  list_files: LookFilesTool,
  search_files: LookFilesTool,
  read_skill: ReadSkillTool,
  web_search: WebSearchTool,
};

type ToolRowViewProps = { row: ToolRow; live: LiveToolResult | undefined; phase: ChatPhase };

export const ToolRowView = memo(function ToolRowView({ row, live, phase }: ToolRowViewProps) {
  const Tool = Object.hasOwn(TOOLS, row.toolName) ? (TOOLS[row.toolName] ?? GenericTool) : GenericTool;
  return <Tool call={createToolCall(row, live, phase)} />;
});

type ReadsRowViewProps = {
  calls: readonly ToolRow[];
  liveResults: ReadonlyMap<string, LiveToolResult>;
  phase: ChatPhase;
};

export function ReadsRowView({ calls, liveResults, phase }: ReadsRowViewProps) {
  return <ReadFilesTool calls={calls.map((row) => createToolCall(row, liveResults.get(row.toolCallId), phase))} />;
}
