/** Reads the JSON of a body and refuses what no part of the product can keep. Pure; knows no endpoint. */
import { ApiError } from "@/lib/contract/errors";

/** Deeper than any body of ours; what writes JSON again recurses, and must not run out of stack. */
const MAX_DEPTH = 64;

/** @throws ApiError `bad_request` for text that is no JSON, is nested too deeply or holds characters we cannot keep. */
export function parseJson(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new ApiError("bad_request", "The body is not valid JSON.", { cause });
  }
  refuseUnstorable(json, []);
  return json;
}

function refuseUnstorable(value: unknown, path: string[]): void {
  if (typeof value === "string") refuseText(value, path);
  if (typeof value !== "object" || value === null) return;
  if (path.length === MAX_DEPTH) throw refusal(path, `Nested deeper than ${MAX_DEPTH} levels.`);
  for (const [key, item] of Object.entries(value)) {
    refuseText(key, path);
    refuseUnstorable(item, [...path, key]);
  }
}

/** What cannot be stored in PostgreSQL: NUL, and halves of surrogate pairs, which are no characters. */
function refuseText(text: string, path: string[]): void {
  if (text.includes("\0")) throw refusal(path, "Must not contain NUL characters.");
  if (!text.isWellFormed()) throw refusal(path, "Holds half of a surrogate pair, which is no Unicode text.");
}

function refusal(path: string[], detail: string): ApiError {
  const field = path.slice(0, 8).join(".").slice(0, 200);
  return new ApiError("bad_request", `The body is not valid.${field ? ` ${field}:` : ""} ${detail}`, {
    validations: [{ field, detail }],
  });
}
