/**
 * The OpenAPI 3.1 document, made from the same zod schemas that validate requests. Pure; a route without a `spec` is an
 * error, so that no endpoint stays undocumented.
 */
import { z } from "zod";
import { chatErrorSchema, chatSchema, diffStatusSchema } from "@/lib/contract/chats";
import { chatCostSchema } from "@/lib/contract/costs";
import { errorBodySchema } from "@/lib/contract/error-body";
import { messageSchema, partSchema, queuedMessageSchema } from "@/lib/contract/messages";
import { availableModelSchema, modelConfigSchema, providerSchema } from "@/lib/contract/models";
import { tokenSchema, userSchema } from "@/lib/contract/users";
import { buildSchema, templateSchema, workspaceSchema } from "@/lib/contract/workspaces";
import type { RouteHandler } from "./http";
import type { RouteEntry } from "./routes";

export type OpenApiDocument = {
  openapi: "3.1.0";
  info: { title: string; version: string; description: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, unknown>>;
  components: Record<string, unknown>;
};

type JsonSchema = Record<string, unknown>;
type Spec = RouteHandler["spec"];
type Operation = { method: string; path: string; id: string; spec: Spec };

/** Objects that answers share; everything else is named after its operation. */
const SHARED = {
  Chat: chatSchema,
  ChatCost: chatCostSchema,
  ChatError: chatErrorSchema,
  DiffStatus: diffStatusSchema,
  Error: errorBodySchema,
  Message: messageSchema,
  Part: partSchema,
  QueuedMessage: queuedMessageSchema,
  Provider: providerSchema,
  ModelConfig: modelConfigSchema,
  AvailableModel: availableModelSchema,
  User: userSchema,
  Token: tokenSchema,
  Template: templateSchema,
  Workspace: workspaceSchema,
  Build: buildSchema,
};

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/** @throws Error naming a handler that was not made by `route()`. */
export function createOpenApiDocument(options: {
  entries: RouteEntry[];
  version: string;
  accessUrl: string;
}): OpenApiDocument {
  const operations = options.entries.flatMap(operationsOf);
  const requests = toJsonSchemas(
    operations.flatMap(({ id, spec }) => [
      [`${id}Params`, spec.params] as const,
      [`${id}Query`, spec.query] as const,
      [`${id}Body`, spec.body] as const,
    ]),
    "input",
  );
  const answers = toJsonSchemas(
    [...Object.entries(SHARED), ...operations.map(({ id, spec }) => [`${id}Answer`, spec.response] as const)],
    "output",
  );
  const paths: OpenApiDocument["paths"] = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/\[(.+?)\]/g, "{$1}");
    paths[path] = { ...paths[path], [operation.method.toLowerCase()]: describe(operation, requests) };
  }
  const isParameters = (name: string) => name.endsWith("Params") || name.endsWith("Query");
  const bodies = Object.fromEntries(Object.entries(requests).filter(([name]) => !isParameters(name)));
  return {
    openapi: "3.1.0",
    info: {
      title: "Slipway",
      version: options.version,
      description:
        "Background coding agents on your own machine. Errors share one shape; unknown query keys are refused.",
    },
    servers: [{ url: options.accessUrl }],
    paths,
    components: {
      schemas: { ...answers, ...bodies },
      securitySchemes: { token: { type: "http", scheme: "bearer" } },
      responses: {
        Error: {
          description: "Something was refused or failed; `code` says what.",
          content: { "application/json": { schema: reference("Error") } },
        },
      },
    },
  };
}

function operationsOf({ path, module }: RouteEntry): Operation[] {
  return METHODS.filter((method) => method in module).map((method) => {
    const spec = (module[method] as Partial<RouteHandler>).spec;
    if (!spec) throw new Error(`${method} ${path} has no spec: make it with route().`);
    return { method, path, id: operationId(method, path), spec };
  });
}

/** `GET /api/experimental/chats/[chat]/messages` → `GetChatsByChatMessages`. */
function operationId(method: string, path: string): string {
  const words = path
    .replace(/^\/api\/(experimental\/)?/, "")
    .replaceAll(/\[(.+?)\]/g, "by-$1")
    .split(/[^A-Za-z0-9]+/);
  return [method.toLowerCase(), ...words].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** One registry, so that schemas point at each other by name, also recursive ones. The first name of a schema counts. */
function toJsonSchemas(
  named: (readonly [string, z.ZodType | undefined])[],
  io: "input" | "output",
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  const aliases: Record<string, JsonSchema> = {};
  for (const [id, schema] of named) {
    if (!schema) continue;
    const known = registry.get(schema)?.id;
    if (known) aliases[id] = reference(known);
    else registry.add(schema, { id });
  }
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: "any",
    uri: (id) => `#/components/schemas/${id}`,
  });
  const own = Object.entries(schemas).map(([id, { $schema: _dialect, $id: _id, ...schema }]) => [id, schema]);
  return { ...Object.fromEntries(own), ...aliases };
}

function describe({ id, method, path, spec }: Operation, requests: Record<string, JsonSchema>): JsonSchema {
  const status = spec.status ?? (spec.response || spec.produces ? 200 : 204);
  const isStream = !spec.response && !spec.produces && !spec.status && method === "GET";
  const types = isStream ? ["text/event-stream"] : (spec.produces ?? []);
  const content = Object.fromEntries([
    ...(spec.response ? [["application/json", { schema: reference(`${id}Answer`) }]] : []),
    ...types.map((type) => [type, { schema: { type: "string" } }]),
  ]);
  const answer = Object.keys(content).length > 0 && { content };
  return {
    operationId: id.charAt(0).toLowerCase() + id.slice(1),
    summary: spec.summary,
    ...(spec.access === "public" ? { security: [] } : { security: [{ token: [] }] }),
    parameters: [...pathParameters(path, requests[`${id}Params`]), ...queryParameters(requests[`${id}Query`])],
    ...(spec.body && {
      requestBody: {
        required: !spec.body.safeParse(undefined).success,
        content: { "application/json": { schema: reference(`${id}Body`) } },
      },
    }),
    ...(spec.takesBytes && {
      requestBody: {
        required: true,
        description: `At most ${spec.takesBytes.limit} bytes.`,
        content: { "*/*": { schema: { type: "string", format: "binary" } } },
      },
    }),
    responses: {
      [isStream ? 200 : status]: { description: spec.summary, ...answer },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

function pathParameters(path: string, schema: JsonSchema | undefined): JsonSchema[] {
  const properties = propertiesOf(schema);
  return [...path.matchAll(/\[(.+?)\]/g)].map(([, name = ""]) => ({
    name,
    in: "path",
    required: true,
    schema: properties[name] ?? { type: "string" },
  }));
}

function queryParameters(schema: JsonSchema | undefined): JsonSchema[] {
  const required = Array.isArray(schema?.required) ? schema.required : [];
  return Object.entries(propertiesOf(schema)).map(([name, property]) => ({
    name,
    in: "query",
    required: required.includes(name),
    schema: property,
  }));
}

const propertiesOf = (schema: JsonSchema | undefined): Record<string, JsonSchema> =>
  (schema?.properties ?? {}) as Record<string, JsonSchema>;

const reference = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` });
