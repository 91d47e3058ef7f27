/** A chat as a Markdown document. Pure: `export-chat` reads and streams. */

import { assertNever } from "@/lib/assert-never";
import type { Chat } from "@/lib/contract/chats";
import type { Message, MessageRole, Part } from "@/lib/contract/messages";

export const markdownHead = (chat: Chat): string =>
  [
    `# ${oneLine(chat.title)}`,
    "",
    `- Agent: ${chat.id}`,
    ...(chat.repository ? [`- Repository: ${oneLine(chat.repository)}`] : []),
    `- Started: ${chat.created_at}`,
    `- Status: ${chat.status}`,
    "",
  ].join("\n");

const HEADINGS: Record<MessageRole, string> = {
  system: "System",
  user: "Person",
  assistant: "Agent",
  tool: "Results",
};

export function markdownMessage(message: Message): string {
  const parts = message.content.map(markdownPart).filter((text) => text !== "");
  if (parts.length === 0) return "";
  const by = message.role === "user" && message.created_by === null ? "Task" : HEADINGS[message.role];
  return `\n## ${by} · ${message.created_at}\n\n${parts.join("\n\n")}\n`;
}

function markdownPart(part: Part): string {
  switch (part.type) {
    case "text":
      return part.text;
    case "reasoning":
      return part.text.trim() === "" ? "" : quote(part.text);
    case "tool-call":
      return `**${part.tool_name}**\n\n${fence(toText(part.args), typeof part.args === "string" ? "" : "json")}`;
    case "tool-result":
      return `**${part.tool_name}**${part.is_error ? " failed" : ""}\n\n${fence(toText(part.result), "")}`;
    case "file":
      return `Attached: ${oneLine(part.name)} (${part.media_type})`;
    case "file-reference":
      return `${oneLine(part.file_name)}, lines ${part.start_line}-${part.end_line}:\n\n${fence(part.content, "")}`;
    case "source":
      return `Source: ${oneLine(part.title)} <${oneLine(part.url)}>`;
    default:
      return assertNever(part);
  }
}

const toText = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value, null, 2));
const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();
const quote = (text: string): string =>
  text
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");

/** Longer than any in the text, so that the quotation cannot end early. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}
