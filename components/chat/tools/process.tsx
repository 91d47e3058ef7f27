"use client";

import { Terminal } from "lucide-react";
import { formatPlural } from "@/lib/format";
import { fieldsOf, numberOf, readExecuteResult, textOf } from "../tool-data";
import { TerminalOutput } from "./terminal-output";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody, ToolFootRow } from "./tool-card";

/** What a background process has printed, and whether it still runs. */
export function ProcessOutputTool({ call }: { call: ToolCall }) {
  const processId = textOf(fieldsOf(call.args).process_id);
  const result = readExecuteResult(call.result);
  const output = call.state === "running" ? call.liveOutput : result.output;
  return (
    <ToolCard
      icon={Terminal}
      state={call.state}
      verb={call.state === "running" ? "Waiting for" : "Looked at"}
      object={processId ?? "process"}
      meta={<ProcessMeta call={call} />}
      defaultOpen={call.state === "running"}
      openOnPhone
    >
      {processBody(call, output, result.outputFile)}
    </ToolCard>
  );
}

function processBody(call: ToolCall, output: string, outputFile: string | undefined) {
  if (call.state === "failed") return <ToolErrorBody result={call.result} />;
  if (output === "") return null;
  return <TerminalOutput output={output} isLive={call.state === "running"} outputFile={outputFile} />;
}

function ProcessMeta({ call }: { call: ToolCall }) {
  if (call.state !== "done") return call.state === "lost" ? "No result" : null;
  const { exitCode, isRunning } = readExecuteResult(call.result);
  if (isRunning) return <span className="text-accent">Still running</span>;
  if (exitCode === null) return null;
  return <span className={exitCode === 0 ? undefined : "text-danger"}>Exit {exitCode}</span>;
}

/** The background processes of this chat. */
export function ProcessListTool({ call }: { call: ToolCall }) {
  const processes = readProcesses(call.result);
  const isDone = call.state === "done";
  return (
    <ToolCard
      icon={Terminal}
      state={call.state}
      verb={call.state === "running" ? "Listing processes" : "Listed processes"}
      meta={isDone ? countText(processes.length) : null}
      defaultOpen={call.state === "failed"}
    >
      {listBody(call, processes)}
    </ToolCard>
  );
}

function listBody(call: ToolCall, processes: readonly ProcessEntry[]) {
  if (call.state === "failed") return <ToolErrorBody result={call.result} />;
  if (processes.length === 0) return null;
  return processes.map((process) => (
    <ToolFootRow key={process.id}>
      <code className="shrink-0 text-ink-2">{process.id}</code>
      <code className="min-w-0 flex-1 truncate">{process.command}</code>
      <span className={process.isRunning ? "text-accent" : undefined}>{process.state}</span>
    </ToolFootRow>
  ));
}

const countText = (count: number) => (count === 0 ? "None" : formatPlural(count, "process", "processes"));

type ProcessEntry = { id: string; command: string; state: string; isRunning: boolean };

function readProcesses(result: unknown): ProcessEntry[] {
  const list = Array.isArray(result) ? result : fieldsOf(result).processes;
  if (!Array.isArray(list)) return [];
  return list.map((entry, index) => {
    const fields = fieldsOf(entry);
    const exitCode = numberOf(fields.exit_code);
    const isRunning = fields.running === true || fields.status === "running";
    const ended = exitCode === undefined ? "Ended" : `Exit ${exitCode}`;
    return {
      id: textOf(fields.process_id) ?? textOf(fields.id) ?? String(index + 1),
      command: textOf(fields.command) ?? "",
      state: isRunning ? "Running" : ended,
      isRunning,
    };
  });
}

/** A signal to a background process. */
export function ProcessSignalTool({ call }: { call: ToolCall }) {
  const { process_id: processId, signal } = fieldsOf(call.args);
  const isKill = signal === "kill";
  const fields = fieldsOf(call.result);
  const isRefused = call.state === "failed" || fields.success === false;
  return (
    <ToolCard
      icon={Terminal}
      state={isRefused ? "failed" : call.state}
      verb={signalVerb(call.state === "running", isKill)}
      object={textOf(processId) ?? "process"}
      defaultOpen={isRefused}
    >
      {isRefused ? <ToolErrorBody result={call.result} /> : null}
    </ToolCard>
  );
}

function signalVerb(isRunning: boolean, isKill: boolean): string {
  if (isKill) return isRunning ? "Killing" : "Killed";
  return isRunning ? "Stopping" : "Stopped";
}
