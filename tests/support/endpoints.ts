/** The table of endpoints for tests that are generated from it, and bodies and paths that fit them. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { RouteHandler } from "@/lib/server/http";
import { routeModules } from "@/lib/server/routes.generated";

export const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;

export type Endpoint = { method: string; pattern: string; spec: RouteHandler["spec"] };
type JsonSchema = {
  type?: string | string[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  minimum?: number;
  items?: JsonSchema;
  default?: unknown;
};

export const endpoints: Endpoint[] = routeModules.flatMap(({ path: pattern, module }) =>
  METHODS.flatMap((method) => {
    const handler = module[method] as RouteHandler | undefined;
    return handler ? [{ method, pattern, spec: handler.spec }] : [];
  }),
);

export const nameOf = ({ method, pattern }: Endpoint): string => `${method} ${pattern}`;

export const parametersOf = (pattern: string): string[] =>
  [...pattern.matchAll(/\[(?:\.\.\.)?([^\]]+)\]/g)].map((match) => match[1] as string);

/** Ids that are numbers; all others are UUIDs. */
const NUMBERS = new Set(["queued", "message"]);
/** Ids that are names. */
const NAMES = new Set(["host"]);

/** The path with an id for each parameter: the given one, or a well-formed one of nothing. */
export const fill = (pattern: string, ids: Record<string, string | number> = {}): string =>
  pattern.replace(/\[(?:\.\.\.)?([^\]]+)\]/g, (_match, name: string) => String(ids[name] ?? idOfNothing(name)));

function idOfNothing(name: string): string {
  if (NUMBERS.has(name)) return "999";
  return NAMES.has(name) ? "nothing-of-this-name" : randomUUID();
}

const schemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as JsonSchema;

/** The fields of a body or query with their schemas. */
export const fieldsOf = (schema: z.ZodType | undefined): [string, JsonSchema][] =>
  schema ? Object.entries(schemaOf(schema).properties ?? {}) : [];

/** Whether JSON of this type can never be right for the field; unknown when its schema does not say. */
export function isWrongType(field: JsonSchema, value: unknown): boolean {
  const types = typesOf(field);
  if (types.length === 0) return false;
  const type = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return !types.includes(type) && !(type === "number" && types.includes("integer"));
}

function typesOf(field: JsonSchema): string[] {
  const choices = field.anyOf ?? field.oneOf;
  if (choices) return choices.every((choice) => typesOf(choice).length > 0) ? choices.flatMap(typesOf) : [];
  if (field.const !== undefined) return [field.const === null ? "null" : typeof field.const];
  if (field.enum) return field.enum.map((value) => (value === null ? "null" : typeof value));
  return [field.type ?? []].flat();
}

/** Bodies whose rules a schema cannot tell: all optional, yet one needed. */
const PLAIN_BODIES: Record<string, unknown> = {
  "PUT /api/experimental/chats/[chat]/git-reference": { git_branch: "main" },
  "PATCH /api/experimental/chats/[chat]/queue/[queued]": { delivery: "queue" },
  // No limit: one of nothing would stop every other test.
  "PUT /api/experimental/chats/usage-limits": { spend_limit_micros: null },
  "PUT /api/experimental/chats/usage-limits/overrides/[user]": { spend_limit_micros: null },
};

/** A body with what is required and nothing else. @throws Error when it does not fit, which asks for an entry above. */
export function plainBody(endpoint: Endpoint): unknown {
  const { body } = endpoint.spec;
  if (!body) return undefined;
  const sample = PLAIN_BODIES[nameOf(endpoint)] ?? sampleOf(schemaOf(body));
  const parsed = body.safeParse(sample);
  if (parsed.success) return sample;
  throw new Error(`PLAIN_BODIES needs an entry for ${nameOf(endpoint)}; ${JSON.stringify(sample)}: ${parsed.error}`);
}

const TEXTS: Record<string, string> = {
  uuid: "0197f0a0-0000-7000-8000-00000000abcd",
  email: "someone@example.test",
  uri: "http://127.0.0.1:9/v1",
};

function sampleOf(schema: JsonSchema): unknown {
  if (schema.default !== undefined) return schema.default;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return sampleOf(choices[0] as JsonSchema);
  switch ([schema.type].flat()[0]) {
    case "object":
      return Object.fromEntries(
        (schema.required ?? []).map((name) => [name, sampleOf(schema.properties?.[name] as JsonSchema)]),
      );
    case "array":
      return schema.items ? [sampleOf(schema.items)] : [];
    case "number":
    case "integer":
      return schema.minimum ?? 1;
    case "boolean":
      return true;
    case "string":
      return TEXTS[schema.format ?? ""] ?? "long-enough-text";
    default:
      return null;
  }
}
