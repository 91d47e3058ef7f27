"use client";

import { Paperclip } from "lucide-react";
import { formatBytes } from "@/lib/format";
import { FileView } from "../parts/file-part";
import { baseName, fieldsOf, numberOf, readErrorText, textOf } from "../tool-data";
import { WorkLine } from "../work-line";
import type { ToolCall } from "./tool-call";

/** A file that the agent put into the chat. */
export function AttachFileTool({ call }: { call: ToolCall }) {
  const args = fieldsOf(call.args);
  const result = fieldsOf(call.result);
  const name = textOf(result.name) ?? textOf(args.name) ?? baseName(textOf(args.path) ?? "");
  const fileId = textOf(result.file_id);
  const sizeBytes = numberOf(result.size_bytes);
  return (
    <div>
      <WorkLine
        icon={Paperclip}
        verb={call.state === "running" ? "Attaching" : call.state === "failed" ? "Did not attach" : "Attached"}
        object={name}
        meta={sizeBytes === undefined ? null : formatBytes(sizeBytes)}
      />
      {call.state === "failed" ? (
        <p className="wrap-anywhere ml-6 text-danger text-md">{readErrorText(call.result)}</p>
      ) : null}
      {fileId ? (
        <div className="mt-1 ml-6">
          <FileView fileId={fileId} name={name} mediaType={textOf(result.media_type) ?? ""} />
        </div>
      ) : null}
    </div>
  );
}
