/**
 * The frame around every endpoint: authorise, parse, call, answer, and the one place where an error becomes HTTP.
 * Web `Request` and `Response` only; nothing of Next, since the entry program mounts the same modules.
 */
import { z } from "zod";
import type { Database } from "@/db/client";
import type { Actor } from "@/lib/auth/actor";
import { authenticate } from "@/lib/auth/authenticate";
import { ApiError, ERROR_STATUS, type ErrorBody, isApiError, notFound, type Validation } from "@/lib/contract/errors";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { parseJson } from "./json-body";
import { getDatabase, getRuntime, type Runtime } from "./runtime";

/** 256 KiB: more than any message a person types; files have an endpoint of their own. */
export const MAX_BODY_BYTES = 256 * 1024;

type Access = "public" | "member" | "admin";

export type RouteSpec<Params, Query, Body> = {
  /** `member`: any signed-in person. `admin`: administrators; others get 403. */
  access: Access;
  /** One sentence for the OpenAPI document. */
  summary: string;
  /** A path that does not match answers 404. */
  params?: z.ZodType<Params>;
  /** Strict: an unknown key answers 400. Absent: no key is known. */
  query?: z.ZodType<Query>;
  /** One that accepts `undefined` makes the body optional. */
  body?: z.ZodType<Body>;
  response?: z.ZodType;
  /** Media types of answers that are not JSON. */
  produces?: readonly string[];
  /** Takes any bytes, which the handler reads; says how many. */
  takesBytes?: { limit: number };
  /** Of a plain value; 200 when absent, 204 for `undefined`. */
  status?: number;
};

export type RouteInput<A extends Access, Params, Query, Body> = {
  request: Request;
  runtime: Runtime;
  db: Database;
  actor: A extends "public" ? null : Actor;
  params: Params;
  query: Query;
  body: Body;
};

export type RouteContext = { params: Promise<Record<string, string | string[]>> };
export type RouteHandler = ((request: Request, context: RouteContext) => Promise<Response>) & {
  spec: RouteSpec<unknown, unknown, unknown>;
};

/**
 * Builds a route handler. The handler returns a `Response` or a plain value that becomes JSON.
 * Order: authorise, origin, path, query, body; so a stranger learns nothing from a validation error.
 */
export function route<
  A extends Access,
  Params = Record<string, never>,
  Query = Record<string, never>,
  Body = undefined,
>(
  spec: RouteSpec<Params, Query, Body> & { access: A },
  handler: (input: RouteInput<A, Params, Query, Body>) => Promise<unknown>,
): RouteHandler {
  const handle = async (request: Request, context: RouteContext): Promise<Response> => {
    const requestId = newId();
    try {
      const runtime = getRuntime();
      const db = getDatabase();
      const actor = await authorise(spec.access, request, runtime, db);
      const input = {
        request,
        runtime,
        db,
        actor: actor as RouteInput<A, Params, Query, Body>["actor"],
        params: parseParams(spec.params, await context.params),
        query: parseQuery(spec.query, new URL(request.url)),
        body: await parseBody(spec.body, request),
      };
      return toResponse(await handler(input), spec.status);
    } catch (error) {
      return errorResponse(error, requestId, request);
    }
  };
  return Object.assign(handle, { spec: spec as RouteSpec<unknown, unknown, unknown> });
}

async function authorise(access: Access, request: Request, runtime: Runtime, db: Database): Promise<Actor | null> {
  if (access === "public") return null;
  const actor = await authenticate(request, { db, accessUrl: runtime.accessUrl });
  if (access === "admin" && actor.role !== "admin") {
    throw new ApiError("forbidden", "Only an administrator may do this.");
  }
  return actor;
}

/** Next passes nothing for a path without parameters. */
function parseParams<T>(schema: z.ZodType<T> | undefined, params: Record<string, string | string[]> | undefined): T {
  if (
    Object.values(params ?? {})
      .flat()
      .some(isUnstorable)
  )
    throw notFound();
  if (!schema) return params as T;
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw notFound();
  return parsed.data;
}

/** Percent-encoded NUL; broken UTF-8 has become U+FFFD by now. */
const isUnstorable = (text: string): boolean => text.includes("\0");

const noQuery = z.strictObject({});

function parseQuery<T>(schema: z.ZodType<T> | undefined, url: URL): T {
  const query: Record<string, string | string[]> = {};
  for (const key of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(key);
    query[key] = values.length === 1 ? (values[0] as string) : values;
    if (values.some(isUnstorable)) {
      const detail = "Must not contain NUL characters.";
      throw new ApiError("bad_request", `The query is not valid. ${detail}`, { validations: [{ field: key, detail }] });
    }
  }
  const parsed = (schema ?? noQuery).safeParse(query);
  if (!parsed.success) throw invalid("query", parsed.error);
  return parsed.data as T;
}

async function parseBody<T>(schema: z.ZodType<T> | undefined, request: Request): Promise<T> {
  if (!schema) return undefined as T;
  const text = new TextDecoder().decode(await readBytes(request, MAX_BODY_BYTES));
  const absent = text === "" ? schema.safeParse(undefined) : undefined;
  if (absent?.success) return absent.data;
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new ApiError("bad_request", `The body must be application/json; received ${type || "no content type"}.`);
  }
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw invalid("body", parsed.error);
  return parsed.data;
}

/** Reads a body of at most `limit` bytes. @throws ApiError `too_large` as soon as it is exceeded. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  const tooLarge = () => new ApiError("too_large", `The body is larger than ${limit} bytes.`);
  const length = request.headers.get("content-length");
  if (Number(length ?? 0) > limit) throw tooLarge();
  // The HTTP server sees to it that it is no longer than it says; a web stream would cost more than the rest of reading.
  if (length !== null) return new Uint8Array(await request.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function invalid(where: "query" | "body", error: z.ZodError): ApiError {
  const validations = listProblems(error.issues);
  const first = validations[0];
  const summary = first ? ` ${first.field ? `${first.field}: ` : ""}${first.detail}` : "";
  return new ApiError("bad_request", `The ${where} is not valid.${summary}`, { validations });
}

/** Of a choice between shapes, the problems inside the first one whose kind the value has. */
function listProblems(issues: readonly z.core.$ZodIssue[], place: readonly PropertyKey[] = []): Validation[] {
  return issues.flatMap((issue) => {
    const path = [...place, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({ field: [...path, key].join("."), detail: "This key is not known here." }));
    }
    const branches = issue.code === "invalid_union" ? issue.errors : [];
    const meant = branches.find((problems) => problems.every(({ path: inside }) => inside.length > 0));
    return meant ? listProblems(meant, path) : [{ field: path.join("."), detail: issue.message }];
  });
}

function toResponse(value: unknown, status: number | undefined): Response {
  if (value instanceof Response) return value;
  if (value === undefined) return new Response(null, { status: status ?? 204 });
  return Response.json(value, { status: status ?? 200 });
}

/** The one mapping from a thrown value to HTTP. What is not an `ApiError` is logged and says nothing internal. */
export function errorResponse(error: unknown, requestId: string, request: Request): Response {
  const known = isApiError(error) ? error : undefined;
  if (!known)
    log.error("request failed", { requestId, method: request.method, path: new URL(request.url).pathname, err: error });
  const body = toErrorBody(known, requestId);
  return Response.json(body, { status: ERROR_STATUS[body.code], headers: known?.headers });
}

/** The body of an error; undefined for one of which nothing may be told. */
export function toErrorBody(known: ApiError | undefined, requestId: string): ErrorBody {
  return {
    ...known?.facts,
    code: known?.code ?? "internal",
    message: known?.message ?? "Something failed in the server. The log has the details under this request id.",
    request_id: requestId,
    validations: known?.validations ?? [],
  };
}
