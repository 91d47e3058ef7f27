"use client";

import { Wrench } from "lucide-react";
import { ScrollBox } from "@/components/ui/scroll-box";
import { formatDuration } from "@/lib/format";
import { revealHidden } from "../hidden-characters";
import { LongText } from "../parts/long-text";
import { formatJson } from "../tool-data";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody } from "./tool-card";

/** Any tool this page has no picture of: its name, what went in, what came out. */
export function GenericTool({ call }: { call: ToolCall }) {
  return (
    <ToolCard
      icon={Wrench}
      state={call.state}
      verb={humaniseName(call.toolName)}
      meta={genericMeta(call)}
      defaultOpen={call.state === "failed"}
      openOnPhone
    >
      <JsonSection label="Input" value={call.args} />
      {call.state === "done" ? <JsonSection label="Output" value={call.result} /> : null}
      {call.state === "failed" ? <ToolErrorBody result={call.result} /> : null}
    </ToolCard>
  );
}

function genericMeta(call: ToolCall) {
  if (call.state === "running") return <span className="text-accent">Running</span>;
  if (call.state === "lost") return "No result";
  return call.durationMs === undefined ? null : formatDuration(call.durationMs);
}

function JsonSection({ label, value }: { label: string; value: unknown }) {
  if (value === undefined || value === null) return null;
  return (
    <ScrollBox label={label} className="max-h-64 overflow-auto border-line border-t bg-sunken px-3 py-2">
      <p className="text-ink-3 text-xs">{label}</p>
      <LongText
        text={revealHidden(formatJson(value))}
        className="wrap-anywhere whitespace-pre-wrap font-mono text-code-text text-sm leading-(--leading-code)"
      />
    </ScrollBox>
  );
}

/** `github__create_issue` → `Create issue`. */
function humaniseName(name: string): string {
  const words = (name.split("__").at(-1) ?? name).replaceAll(/[_-]+/g, " ").trim();
  return words === "" ? "Tool" : words[0]?.toUpperCase() + words.slice(1);
}
