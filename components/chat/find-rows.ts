import type { TimelineRow } from "./timeline-rows";
import { formatJson } from "./tool-data";

/** What of a row can be found, as it is read. */
export function rowText(row: TimelineRow): string {
  switch (row.kind) {
    case "user":
      return [...row.texts, ...row.files.map((file) => file.name)].join("\n");
    case "text":
    case "reasoning":
    case "boundary":
    case "notice":
      return row.text;
    case "tool":
      return toolText(row.toolName, row.args, row.result?.value);
    case "reads":
      return row.calls.map((call) => toolText(call.toolName, call.args, call.result?.value)).join("\n");
    case "sources":
      return row.sources.map((source) => `${source.title} ${source.url}`).join("\n");
    case "file":
      return row.file.name;
    case "files-changed":
    case "turn-end":
      return "";
  }
}

const toolText = (name: string, args: unknown, result: unknown): string =>
  [name, readable(args), readable(result)].join("\n");

/** Strings as they are read, not as JSON escapes them. */
function readable(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null) return Object.values(value).map(readable).join("\n");
  return value === undefined || value === null ? "" : formatJson(value);
}

/** Keys of the rows that hold the words, oldest first. Case is not looked at; an empty query finds nothing. */
export function findRows(rows: readonly TimelineRow[], query: string): string[] {
  const wanted = query.trim().toLowerCase();
  if (wanted === "") return [];
  return rows.filter((row) => rowText(row).toLowerCase().includes(wanted)).map((row) => row.key);
}

/** The key of the row that a message is read in: its text, else what else is drawn of it; undefined when nothing is. */
export function rowOfMessage(rows: readonly TimelineRow[], messageId: number): string | undefined {
  const isText = (row: TimelineRow) =>
    row.key === `m${messageId}` || (row.kind === "text" && row.messageId === messageId);
  const isEnd = (row: TimelineRow) => row.kind === "turn-end" && row.answers.some((answer) => answer.id === messageId);
  return (rows.find(isText) ?? rows.find(isEnd))?.key;
}
