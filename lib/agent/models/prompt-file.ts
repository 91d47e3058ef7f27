/** A file of a message as a model is shown it: a picture, text, a document, or a line on why not. Pure. */
import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import { OTHER_MEDIA_TYPE } from "@/lib/contract/files";
import type { FilePart } from "@/lib/contract/messages";
import type { PromptFile } from "../types";

/** Anthropic, on Bedrock too, refuses images above 5 MB as base64, a third more than their bytes (docs, 2026-01). */
const MAX_IMAGE_BYTES = 3_750_000;
/** More would fill a context by itself; the person can put larger files into the workspace. */
const MAX_TEXT_CHARACTERS = 200_000;
/** Providers whose packages take PDF documents. */
const WITH_DOCUMENTS = ["anthropic", "bedrock", "google", "openai", "azure"];

type Shown = { part: FilePart; file: PromptFile | undefined; provider: string };

export function showFile({ part, file, provider }: Shown): LanguageModelV4FilePart | LanguageModelV4TextPart {
  if (!file) return note(part, "It is gone, so its content is not shown.");
  const { mediaType, bytes } = file;
  if (mediaType.startsWith("image/")) {
    if (bytes.length > MAX_IMAGE_BYTES) return note(part, `It is too large to be shown (${bytes.length} bytes).`);
    return { type: "file", mediaType, data: { type: "data", data: bytes } };
  }
  if (mediaType === "application/pdf") {
    if (!WITH_DOCUMENTS.includes(provider)) return note(part, "This model cannot be shown PDF files.");
    return { type: "file", mediaType, filename: part.name, data: { type: "data", data: bytes } };
  }
  if (mediaType === OTHER_MEDIA_TYPE) return note(part, "It is binary data, which models are not shown.");
  return { type: "text", text: quoteText(part, new TextDecoder().decode(bytes)) };
}

const note = (part: FilePart, why: string): LanguageModelV4TextPart => ({
  type: "text",
  text: `[The person attached the file "${part.name}" (${part.media_type}). ${why}]`,
});

function quoteText({ name }: FilePart, text: string): string {
  const shown = text.slice(0, MAX_TEXT_CHARACTERS);
  const rest = text.length - shown.length;
  const end = rest > 0 ? `\n[${rest} more characters are not shown.]` : "";
  return `The attached file ${name}:\n${fence(shown)}${end}`;
}

/** Longer than any fence in the text, so that the quotation cannot end early. */
export function fence(text: string): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const marks = "`".repeat(longest + 1);
  return `${marks}\n${text}\n${marks}`;
}
