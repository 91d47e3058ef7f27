"use client";

import { Power, Server } from "lucide-react";
import { formatDuration, formatPlural } from "@/lib/format";
import { fieldsOf, textOf } from "../tool-data";
import { TerminalOutput } from "./terminal-output";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody, ToolFootRow } from "./tool-card";

const VERBS: Record<string, { running: string; done: string; failed: string }> = {
  create_workspace: { running: "Creating workspace", done: "Created workspace", failed: "Did not create a workspace" },
  start_workspace: { running: "Starting workspace", done: "Started workspace", failed: "Did not start the workspace" },
  stop_workspace: { running: "Stopping workspace", done: "Stopped workspace", failed: "Did not stop the workspace" },
};

/** A workspace made, started or stopped: its name, and its build's log while it runs. */
export function WorkspaceTool({ call }: { call: ToolCall }) {
  const verbs = VERBS[call.toolName] ?? { running: "Working on", done: "Workspace", failed: "Workspace failed" };
  const args = fieldsOf(call.args);
  const result = fieldsOf(call.result);
  const isReused = result.created === false;
  const log = call.state === "running" ? call.liveOutput : (textOf(result.log) ?? "");
  const name = textOf(result.name) ?? textOf(args.name) ?? textOf(args.repository);
  return (
    <ToolCard
      icon={call.toolName === "create_workspace" ? Server : Power}
      state={call.state}
      verb={isReused ? "Uses workspace" : verbs[call.state === "failed" ? "failed" : isBusy(call) ? "running" : "done"]}
      object={name}
      meta={call.state === "done" && call.durationMs !== undefined ? formatDuration(call.durationMs) : null}
      defaultOpen={call.state === "failed" || call.state === "running"}
      openOnPhone
    >
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
      {call.state !== "failed" && log !== "" ? (
        <TerminalOutput output={log} isLive={call.state === "running"} outputFile={undefined} />
      ) : null}
    </ToolCard>
  );
}

const isBusy = (call: ToolCall) => call.state === "running" || call.state === "waiting";

/** What workspaces can be made from. */
export function ListTemplatesTool({ call }: { call: ToolCall }) {
  const templates = readTemplates(call.result);
  return (
    <ToolCard
      icon={Server}
      state={call.state}
      verb={isBusy(call) ? "Listing templates" : "Listed templates"}
      meta={
        call.state === "done" ? (templates.length === 0 ? "None" : formatPlural(templates.length, "template")) : null
      }
      defaultOpen={call.state === "failed"}
    >
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
      {templates.length === 0
        ? null
        : templates.map((template) => (
            <ToolFootRow key={template.id}>
              <span className="shrink-0 text-ink-2">{template.name}</span>
              <span className="min-w-0 truncate">{template.description}</span>
            </ToolFootRow>
          ))}
    </ToolCard>
  );
}

function readTemplates(result: unknown): { id: string; name: string; description: string }[] {
  const list = Array.isArray(result) ? result : fieldsOf(result).templates;
  if (!Array.isArray(list)) return [];
  return list.map((entry, index) => {
    const fields = fieldsOf(entry);
    const name = textOf(fields.name) ?? `Template ${index + 1}`;
    return { id: textOf(fields.id) ?? name, name, description: textOf(fields.description) ?? "" };
  });
}
