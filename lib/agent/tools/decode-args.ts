/** Undoes what models do to arguments: arrays, numbers and flags sent as strings. Pure; leaves the rest as it is. */

const DECODED_TYPES = new Set(["array", "object", "integer", "number", "boolean"]);

/** `args` with every top-level string decoded whose schema wants something else and whose text is that as JSON. */
export function decodeArgs(args: unknown, inputSchema: Record<string, unknown>): unknown {
  if (!isRecord(args)) return args;
  const properties = isRecord(inputSchema.properties) ? inputSchema.properties : {};
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [name, decodeValue(value, properties[name])]));
}

function decodeValue(value: unknown, schema: unknown): unknown {
  if (typeof value !== "string" || !isRecord(schema) || !DECODED_TYPES.has(String(schema.type))) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
