"use client";

import { FileText } from "lucide-react";
import { Markdown } from "../parts/markdown";
import { fieldsOf, readErrorText, textOf } from "../tool-data";
import { WorkLine } from "../work-line";
import type { ToolCall } from "./tool-call";

/** Instructions that the agent read for a kind of work. */
export function ReadSkillTool({ call }: { call: ToolCall }) {
  const { name, path } = fieldsOf(call.args);
  const content = textOf(call.result) ?? textOf(fieldsOf(call.result).content) ?? "";
  const isFailed = call.state === "failed";
  return (
    <WorkLine
      icon={FileText}
      verb={call.state === "running" ? "Reading skill" : "Read skill"}
      object={[textOf(name), textOf(path)].filter(Boolean).join(", ")}
      meta={isFailed ? <span className="text-danger">failed</span> : null}
    >
      {isFailed ? (
        <p className="wrap-anywhere mb-1 ml-6 text-danger text-md">{readErrorText(call.result)}</p>
      ) : content ? (
        <div className="mb-1 ml-[7px] max-h-64 overflow-y-auto border-line-2 border-l pl-4">
          <Markdown text={content} isQuiet />
        </div>
      ) : null}
    </WorkLine>
  );
}
