"use client";

import { Globe } from "lucide-react";
import type { SourcePart } from "@/lib/contract/messages";
import { formatPlural } from "@/lib/format";
import { Sources } from "../parts/sources";
import { fieldsOf, textOf } from "../tool-data";
import { WorkLine } from "../work-line";
import type { ToolCall } from "./tool-call";

/** A search that the provider did: what was asked, what was found. */
export function WebSearchTool({ call }: { call: ToolCall }) {
  const args = fieldsOf(call.args);
  const query = textOf(args.query) ?? textOf(fieldsOf(args.action).query) ?? "";
  const sources = readSources(call.result);
  return (
    <WorkLine
      icon={Globe}
      verb={call.state === "running" ? "Searching the web" : "Searched the web"}
      object={query ? `“${query}”` : undefined}
      meta={searchMeta(call, sources.length)}
    >
      {sources.length > 0 ? (
        <div className="mb-1 ml-6">
          <Sources sources={sources} />
        </div>
      ) : null}
    </WorkLine>
  );
}

function searchMeta(call: ToolCall, count: number) {
  if (call.state === "failed") return <span className="text-danger">failed</span>;
  return count > 0 ? formatPlural(count, "source") : null;
}

function readSources(result: unknown): SourcePart[] {
  const list = Array.isArray(result) ? result : (fieldsOf(result).sources ?? fieldsOf(result).results);
  if (!Array.isArray(list)) return [];
  const seen = new Set<string>();
  return list.flatMap((entry): SourcePart[] => {
    const url = textOf(fieldsOf(entry).url);
    if (url === undefined || seen.has(url)) return [];
    seen.add(url);
    return [{ type: "source", url, title: textOf(fieldsOf(entry).title) ?? "" }];
  });
}
