"use client";

import { FileText } from "lucide-react";
import { formatPlural } from "@/lib/format";
import { fieldsOf, readErrorText, textOf } from "../tool-data";
import { WorkLine } from "../work-line";
import { TerminalOutput } from "./terminal-output";
import type { ToolCall } from "./tool-call";

/** `list_files`, `search_files`: what was looked for, and the lines that came back. */
export function LookFilesTool({ call }: { call: ToolCall }) {
  const { pattern, path, glob } = fieldsOf(call.args);
  const isSearch = call.toolName === "search_files";
  const lines = readLines(call.result);
  const verbs = isSearch ? ["Searching", "Searched"] : ["Listing files", "Listed files"];
  const place = [textOf(path), textOf(glob)].filter(Boolean).join(", ");
  const wanted = textOf(pattern);
  const object = [isSearch && wanted ? `“${wanted}”` : wanted, place && `in ${place}`].filter(Boolean).join(" ");
  return (
    <WorkLine
      icon={FileText}
      verb={call.state === "running" ? verbs[0] : verbs[1]}
      object={object}
      meta={lookMeta(call, lines.length, isSearch)}
    >
      {call.state === "failed" ? (
        <p className="wrap-anywhere mb-1 ml-6 text-danger text-md">{readErrorText(call.result)}</p>
      ) : lines.length > 0 ? (
        <div className="my-1 ml-6 overflow-hidden rounded-md border border-line">
          <TerminalOutput output={lines.join("\n")} isLive={false} outputFile={undefined} />
        </div>
      ) : null}
    </WorkLine>
  );
}

function lookMeta(call: ToolCall, count: number, isSearch: boolean) {
  if (call.state === "failed") return <span className="text-danger">failed</span>;
  if (call.state !== "done") return null;
  if (count === 0) return "nothing found";
  return isSearch ? formatPlural(count, "line") : formatPlural(count, "file");
}

function readLines(result: unknown): string[] {
  const fields = fieldsOf(result);
  const list = [result, fields.files, fields.matches, fields.lines].find(Array.isArray);
  if (list) return list.flatMap((entry) => textOf(entry) ?? []);
  const text = textOf(result) ?? textOf(fields.output) ?? "";
  return text.split("\n").filter(Boolean);
}
