"use client";

import { Layers, ShieldAlert, Terminal } from "lucide-react";
import { readInterruptedResult } from "@/lib/contract/interrupted-call";
import { formatDuration } from "@/lib/format";
import { fieldsOf, readExecuteResult, textOf } from "../tool-data";
import { executeVerb } from "./execute-verb";
import { TerminalOutput } from "./terminal-output";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody, ToolFootRow } from "./tool-card";

/** A command: what it printed, how it ended, how long it took. */
export function ExecuteTool({ call }: { call: ToolCall }) {
  const command = textOf(fieldsOf(call.args).command);
  // Until the first letter of the command is known there is nothing to say.
  if (command === undefined && call.state === "running") return null;
  const result = readExecuteResult(call.result);
  const isRunning = call.state === "running";
  const output = isRunning ? call.liveOutput : (readInterruptedResult(call.result)?.output ?? result.output);
  const hasFailed = call.state === "failed" || (result.exitCode !== null && result.exitCode !== 0);
  const hasFoot = Boolean(result.note) || result.backgroundProcessId !== undefined || result.refusedHosts.length > 0;
  const hasBody = output !== "" || call.state === "failed" || hasFoot;
  return (
    <ToolCard
      icon={Terminal}
      state={call.state}
      verb={executeVerb(call, result.backgroundProcessId !== undefined)}
      object={firstLine(command ?? "")}
      meta={<ExecuteMeta call={call} />}
      defaultOpen
      openOnPhone={hasFailed || isRunning || result.refusedHosts.length > 0}
    >
      {hasBody ? <ExecuteBody call={call} command={command ?? ""} output={output} /> : null}
    </ToolCard>
  );
}

function ExecuteBody({ call, command, output }: { call: ToolCall; command: string; output: string }) {
  const result = readExecuteResult(call.result);
  const stopped = readInterruptedResult(call.result);
  if (call.state === "failed" && !stopped?.output) return <ToolErrorBody result={call.result} />;
  return (
    <>
      {command.includes("\n") ? (
        <pre className="overflow-x-auto whitespace-pre-wrap border-line border-t bg-sunken px-3 py-2 font-mono text-code-comment text-sm leading-(--leading-code)">
          {command}
        </pre>
      ) : null}
      {output === "" ? null : (
        <TerminalOutput output={output} isLive={call.state === "running"} outputFile={result.outputFile} />
      )}
      {result.backgroundProcessId ? (
        <ToolFootRow>
          <Layers aria-hidden className="size-3.5" />
          Goes on in the background as <code className="text-ink-2">{result.backgroundProcessId}</code>
        </ToolFootRow>
      ) : null}
      {stopped ? <ToolFootRow>Stopped before it ended. It may have had effects.</ToolFootRow> : null}
      {result.note ? <ToolFootRow>{result.note}</ToolFootRow> : null}
      {result.refusedHosts.length > 0 ? <RefusedHosts hosts={result.refusedHosts} /> : null}
    </>
  );
}

function ExecuteMeta({ call }: { call: ToolCall }) {
  const { exitCode, durationMs, backgroundProcessId } = readExecuteResult(call.result);
  const tookMs = call.durationMs ?? durationMs;
  return (
    <>
      {call.state === "running" ? <span className="text-accent">Running</span> : null}
      {call.state === "lost" ? <span>No result</span> : null}
      {exitCode !== null && exitCode !== 0 ? <span className="text-danger">{exitText(exitCode)}</span> : null}
      {exitCode === 0 ? <span className="hidden-text">Exit 0</span> : null}
      {tookMs !== undefined && backgroundProcessId === undefined ? (
        <span>{tookMs < 50 ? "<0.1 s" : formatDuration(tookMs)}</span>
      ) : null}
    </>
  );
}

/** Requests of the sandbox that the allow list refused. */
export function RefusedHosts({ hosts }: { hosts: readonly string[] }) {
  return (
    <div role="note" className="flex items-start gap-2 border-line border-t px-3 py-2 text-md">
      <ShieldAlert aria-hidden className="mt-0.5 text-ink-3" />
      <div className="min-w-0">
        <p className="wrap-anywhere font-medium text-ink">
          Refused: <code className="text-sm">{hosts.join(", ")}</code>
        </p>
        <p className="text-ink-2">
          Not on the template's allow list. The command went on without {hosts.length === 1 ? "it" : "them"}.
        </p>
      </div>
    </div>
  );
}

/** A process that a signal ended has no code of its own. */
const exitText = (exitCode: number) => (exitCode < 0 ? "Killed" : `Exit ${exitCode}`);

const firstLine = (text: string) => text.trim().split("\n")[0] ?? "";
