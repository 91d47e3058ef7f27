/** What a file is, by its bytes; what was declared may only make it more precise. Pure. */
import type { FileMediaType } from "@/lib/contract/files";

type Given = {
  bytes: Uint8Array;
  /** The request's `Content-Type`, maybe empty. */
  declared: string;
  name: string;
};

/** Bytes at the start that only this type has. */
const MAGIC: { type: FileMediaType; at: number; bytes: string }[] = [
  { type: "image/png", at: 0, bytes: "\x89PNG\r\n\x1a\n" },
  { type: "image/jpeg", at: 0, bytes: "\xff\xd8\xff" },
  { type: "image/gif", at: 0, bytes: "GIF87a" },
  { type: "image/gif", at: 0, bytes: "GIF89a" },
  { type: "application/pdf", at: 0, bytes: "%PDF-" },
];

const TEXT_BY_NAME: Record<string, FileMediaType> = {
  json: "application/json",
  csv: "text/csv",
  md: "text/markdown",
  markdown: "text/markdown",
};
const TEXT_TYPES: readonly string[] = ["application/json", "text/csv", "text/markdown", "text/plain"];

/** Text that a browser would run; it is welcome as `text/plain`. */
const ACTIVE_TYPES = ["text/html", "text/xml", "text/javascript"];
const UNKNOWN_TYPES = ["", "application/octet-stream"];

/** The type, or one sentence on why the file is refused. */
export function detectFileType(given: Given): { mediaType: FileMediaType } | { problem: string } {
  const declared = (given.declared.split(";", 1)[0] ?? "").trim().toLowerCase();
  if (given.bytes.length === 0) return { problem: "The file is empty." };
  const binary = binaryType(given.bytes);
  if (binary) {
    if (declared === binary || UNKNOWN_TYPES.includes(declared)) return { mediaType: binary };
    return { problem: `The file was declared as ${declared} and is ${binary}.` };
  }
  const isTextDeclared =
    TEXT_TYPES.includes(declared) || (declared.startsWith("text/") && !ACTIVE_TYPES.includes(declared));
  if (!isTextDeclared && !UNKNOWN_TYPES.includes(declared)) {
    return { problem: `Files declared as ${declared} are not taken, or this one is not what it says.` };
  }
  const text = decode(given.bytes);
  if (text === undefined) return { problem: "The file is neither text nor of a known type." };
  return textType({ text, declared, name: given.name });
}

function binaryType(bytes: Uint8Array): FileMediaType | undefined {
  const start = Buffer.from(bytes.subarray(0, 16)).toString("latin1");
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "image/webp";
  return MAGIC.find((magic) => start.startsWith(magic.bytes, magic.at))?.type;
}

function textType({ text, declared, name }: { text: string; declared: string; name: string }) {
  const extension = name.includes(".") ? (name.split(".").at(-1) ?? "").toLowerCase() : "";
  const byName = TEXT_BY_NAME[extension];
  const wanted = TEXT_TYPES.find((type) => type === declared && type !== "text/plain") as FileMediaType | undefined;
  const mediaType = wanted ?? byName ?? "text/plain";
  if (mediaType !== "application/json" || isJson(text)) return { mediaType };
  if (wanted) return { problem: "The file was declared as application/json and is not valid JSON." };
  return { mediaType: "text/plain" as const };
}

/** Undefined when it is no UTF-8 text. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
