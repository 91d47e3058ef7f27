"use client";

import { FilePenLine } from "lucide-react";
import { type FileChange, fieldsOf, readFileChanges, textOf } from "../tool-data";
import type { ToolCall } from "./tool-call";
import { ToolCard, ToolErrorBody } from "./tool-card";
import { DiffCount, UnifiedDiff } from "./unified-diff";

/** A file written or edited: the server's diff, never one guessed from the arguments. */
export function EditFilesTool({ call }: { call: ToolCall }) {
  if (call.state === "failed") {
    return (
      <ToolCard
        icon={FilePenLine}
        state="failed"
        verb="Did not edit"
        object={askedPaths(call).join(", ")}
        defaultOpen
        openOnPhone
      >
        <ToolErrorBody result={call.result} />
      </ToolCard>
    );
  }
  const changes = readFileChanges(call.toolName, call.result);
  if (changes.length === 0) return <EditPending call={call} />;
  return changes.map((change) => <ChangedFileCard key={change.path} change={change} />);
}

function EditPending({ call }: { call: ToolCall }) {
  const isWrite = call.toolName === "write_file";
  const busyVerb = isWrite ? "Writing" : "Editing";
  const doneVerb = isWrite ? "Wrote" : "Edited";
  const paths = askedPaths(call);
  return (
    <ToolCard
      icon={FilePenLine}
      state={call.state}
      verb={call.state === "running" ? busyVerb : doneVerb}
      object={paths.length > 0 ? paths.join(", ") : undefined}
      meta={call.state === "lost" ? "No result" : null}
    />
  );
}

function ChangedFileCard({ change }: { change: FileChange }) {
  return (
    <ToolCard
      slot={change.path}
      icon={FilePenLine}
      state="done"
      verb={change.isCreated ? "Created" : "Edited"}
      object={change.path}
      note={<DiffCount additions={change.additions} deletions={change.deletions} />}
      defaultOpen
    >
      {change.diff ? <UnifiedDiff diff={change.diff} path={change.path} /> : null}
    </ToolCard>
  );
}

function askedPaths(call: ToolCall): string[] {
  const { path, edits } = fieldsOf(call.args);
  const single = textOf(path);
  if (single !== undefined) return [single];
  if (!Array.isArray(edits)) return [];
  return [...new Set(edits.flatMap((edit) => textOf(fieldsOf(edit).path) ?? []))];
}
