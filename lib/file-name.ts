/** Names of files in `Content-Disposition` (RFC 6266), both ways. Pure. */
import { MAX_FILE_NAME_CHARACTERS } from "@/lib/contract/files";

/** The name that a request gives its body; `file` when it gives none. Never a path, never with control characters. */
export function readFileName(header: string | null): string {
  const extended = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(header ?? "")?.[1];
  const plain = /filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]+))/i.exec(header ?? "");
  const given = decodeName(extended) ?? plain?.[1]?.replaceAll(/\\(.)/g, "$1") ?? plain?.[2] ?? "";
  return cleanFileName(given);
}

/** The last segment of a path, without control and direction characters, cut to what fits. */
export function cleanFileName(name: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? "";
  const clean = base
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "")
    .trim();
  return [...clean].slice(0, MAX_FILE_NAME_CHARACTERS).join("") || "file";
}

/** `inline` is for what a browser may show. */
export const fileDisposition = (kind: "inline" | "attachment", name: string): string =>
  `${kind}; filename="${name.replaceAll(/[^\x20-\x7e]|["\\]/g, "_")}"; filename*=UTF-8''${encodeURIComponent(name)}`;

function decodeName(encoded: string | undefined): string | undefined {
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
