/**
 * Finds the route module of a path the way Next does: literal before parameter segments. One place for HEAD, OPTIONS,
 * unknown paths and wrong methods. Knows no endpoint.
 */
import { ApiError, notFound } from "@/lib/contract/errors";
import { newId } from "@/lib/ids";
import { errorResponse, type RouteContext } from "./http";

export type RouteEntry = { path: string; module: Record<string, unknown> };
type Params = Record<string, string | string[]>;
type Handler = (request: Request, context: RouteContext) => Promise<Response> | Response;
type Methods = { allow: string; handlers: Map<string, Handler> };
type Node = {
  literals: Map<string, Node>;
  parameter?: { name: string; node: Node };
  rest?: { name: string; methods: Methods };
  methods?: Methods;
};

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** A handler for everything under `/api/`. Never throws; what is thrown in a route becomes an error body. */
export function createRouteHandler(entries: RouteEntry[]): (request: Request) => Promise<Response> {
  const root: Node = { literals: new Map() };
  for (const entry of entries) insertRoute(root, entry);
  return async (request) => {
    try {
      return await dispatch(root, request);
    } catch (error) {
      return errorResponse(error, newId(), request);
    }
  };
}

function insertRoute(root: Node, { path, module }: RouteEntry): void {
  let node = root;
  const methods = methodsOf(module);
  for (const segment of path.split("/").filter(Boolean)) {
    const rest = /^\[\.\.\.(.+)\]$/.exec(segment)?.[1];
    const name = /^\[(.+)\]$/.exec(segment)?.[1];
    if (rest) {
      node.rest = { name: rest, methods };
      return;
    }
    if (name) {
      if (node.parameter && node.parameter.name !== name)
        throw new Error(`${path}: [${node.parameter.name}] is taken.`);
      node.parameter ??= { name, node: { literals: new Map() } };
      node = node.parameter.node;
    } else {
      const next = node.literals.get(segment) ?? { literals: new Map() };
      node.literals.set(segment, next);
      node = next;
    }
  }
  node.methods = methods;
}

function methodsOf(module: Record<string, unknown>): Methods {
  const handlers = new Map<string, Handler>();
  for (const method of METHODS) {
    const handler = module[method];
    if (typeof handler === "function") handlers.set(method, handler as Handler);
  }
  const names = METHODS.filter((method) => handlers.has(method) || (method === "HEAD" && handlers.has("GET")));
  return { handlers, allow: [...names, "OPTIONS"].join(", ") };
}

async function dispatch(root: Node, request: Request): Promise<Response> {
  const found = match(root, segmentsOf(new URL(request.url).pathname));
  if (!found) throw notFound();
  const { handlers, allow } = found.methods;
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  const handler = handlers.get(request.method);
  const context = { params: Promise.resolve(found.params) };
  if (handler) return handler(request, context);
  const get = handlers.get("GET");
  if (request.method === "HEAD" && get) return withoutBody(await get(request, context));
  throw new ApiError("method_not_allowed", `${request.method} is not possible here; ${allow} are.`, {
    headers: { allow },
  });
}

/** @throws ApiError `not_found` for a path that does not decode: a malformed id is one that does not exist. */
function segmentsOf(pathname: string): string[] {
  try {
    return pathname.replace(/\/$/, "").slice(1).split("/").map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}

function match(root: Node, segments: string[]): { methods: Methods; params: Params } | undefined {
  const walk = (node: Node, index: number, params: Params): { methods: Methods; params: Params } | undefined => {
    const segment = segments[index];
    if (segment === undefined) return node.methods && { methods: node.methods, params };
    const literal = node.literals.get(segment);
    const found = literal && walk(literal, index + 1, params);
    if (found) return found;
    const { parameter, rest } = node;
    if (parameter && segment !== "") {
      const deeper = walk(parameter.node, index + 1, { ...params, [parameter.name]: segment });
      if (deeper) return deeper;
    }
    return rest && { methods: rest.methods, params: { ...params, [rest.name]: segments.slice(index) } };
  };
  return walk(root, 0, {});
}

/** A stream that nobody reads must end, or its producer would go on. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}
