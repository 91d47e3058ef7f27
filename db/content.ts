/**
 * Stored message content ↔ parts: version 1 is parts for every role, version 0 is what older releases wrote.
 * Pure: no SQL here, and nothing here decides what a person may see.
 */
import type { MessageRole, Part, StoredPart } from "@/lib/contract/messages";

/** What is written today: an array of stored parts for every role. */
export const CONTENT_VERSION = 1;

type StoredContent = { role: MessageRole; content: unknown; contentVersion: number };

/**
 * Reads a row's content as stored parts, with what providers need beside them.
 * @throws Error on a content version this release does not know, or a version 1 that is not an array of parts.
 */
export function readStoredContent({ role, content, contentVersion }: StoredContent): StoredPart[] {
  if (contentVersion === CONTENT_VERSION) return readParts(content);
  if (contentVersion === 0) return readLegacyContent(role, content);
  throw new Error(
    `A ${role} message has content_version ${contentVersion}; this release reads 0 and ${CONTENT_VERSION}. Start the newer release that wrote it.`,
  );
}

/** The parts as clients see them: provider metadata and the provider's own call ids removed. */
export function toWireParts(parts: readonly StoredPart[]): Part[] {
  return parts.map(({ provider_metadata: _metadata, provider_tool_call_id: _callId, ...part }) => part as Part);
}

/** A row's content as clients see it: read and stripped in one step. */
export const readWireParts = (stored: StoredContent): Part[] => toWireParts(readStoredContent(stored));

/** Part types of later releases pass through: clients ignore types they do not know. */
function readParts(content: unknown): StoredPart[] {
  if (!Array.isArray(content) || !content.every((part) => isRecord(part) && typeof part.type === "string")) {
    throw new Error(`Content of version ${CONTENT_VERSION} must be an array of parts; found ${describe(content)}.`);
  }
  return content as StoredPart[];
}

type LegacyBlock = Record<string, unknown>;

/**
 * Version 0 says nothing about its own shape, so the role decides. Text of people and system prompts is always taken
 * as it stands, even when it looks like JSON; an assistant's or a tool's text may be a JSON array of blocks.
 */
function readLegacyContent(role: MessageRole, content: unknown): StoredPart[] {
  if (content === null || content === undefined) return [];
  if (typeof content === "string") {
    const blocks = role === "assistant" || role === "tool" ? parseBlocks(content) : undefined;
    return blocks ? readLegacyContent(role, blocks) : textParts(content);
  }
  if (Array.isArray(content)) return content.flatMap((block) => readLegacyBlock(role, block));
  return readLegacyBlock(role, content);
}

function parseBlocks(text: string): unknown[] | undefined {
  if (!text.trimStart().startsWith("[")) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) && parsed.every(isRecord) ? parsed : undefined;
  } catch {
    // Not JSON after all: prose that begins with a bracket.
    return undefined;
  }
}

function readLegacyBlock(role: MessageRole, value: unknown): StoredPart[] {
  if (typeof value === "string") return textParts(value);
  if (!isRecord(value)) return textParts(JSON.stringify(value));
  // An envelope `{type, data: {…}}` carries the block inside.
  const block: LegacyBlock = isRecord(value.data) ? { type: value.type, ...value.data } : value;
  switch (legacyType(role, block)) {
    case "text":
      return textParts(asText(block.text ?? block.content));
    case "reasoning":
      return [{ type: "reasoning", text: asText(block.text ?? block.thinking ?? block.reasoning) }];
    case "tool-call":
      return [readLegacyCall(block)];
    case "tool-result":
      return [readLegacyResult(block)];
    case "known":
      return [block as StoredPart];
    case "unknown":
      return textParts(JSON.stringify(value));
  }
}

type LegacyType = "text" | "reasoning" | "tool-call" | "tool-result" | "known" | "unknown";

/** Blocks of old tool rows have no type of their own; every other role names it, with hyphens or underscores. */
function legacyType(role: MessageRole, block: LegacyBlock): LegacyType {
  const type = typeof block.type === "string" ? block.type.replaceAll("_", "-") : undefined;
  if (type === "text" || type === "reasoning" || type === "tool-call" || type === "tool-result") return type;
  if (type === "thinking") return "reasoning";
  if (type === "tool-use") return "tool-call";
  if (type === "file" || type === "file-reference" || type === "source") return "known";
  if (type !== undefined) return "unknown";
  if (role === "tool" && callIdOf(block) !== "") return "tool-result";
  if (role === "assistant" && callIdOf(block) !== "" && toolNameOf(block) !== "") return "tool-call";
  return typeof (block.text ?? block.content) === "string" ? "text" : "unknown";
}

function readLegacyCall(block: LegacyBlock): StoredPart {
  const args = block.args ?? block.input ?? block.arguments ?? {};
  return {
    type: "tool-call",
    tool_call_id: callIdOf(block),
    tool_name: toolNameOf(block),
    args: typeof args === "string" ? parseOrKeep(args) : args,
  };
}

function readLegacyResult(block: LegacyBlock): StoredPart {
  return {
    type: "tool-result",
    tool_call_id: callIdOf(block),
    tool_name: toolNameOf(block),
    result: block.result ?? block.output ?? block.content ?? null,
    is_error: (block.is_error ?? block.isError) === true,
  };
}

const callIdOf = (block: LegacyBlock): string =>
  asText(block.tool_call_id ?? block.toolCallId ?? block.tool_use_id ?? block.id);
const toolNameOf = (block: LegacyBlock): string => asText(block.tool_name ?? block.toolName ?? block.name);

const textParts = (text: string): StoredPart[] => (text === "" ? [] : [{ type: "text", text }]);

function asText(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

function parseOrKeep(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A model's unparsable arguments are kept as their text, as today's parts do.
    return text;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const describe = (value: unknown): string => (Array.isArray(value) ? "another array" : `a ${typeof value}`);
