/** Holds every answer of the endpoints against what they declare: status, schema, and nothing beside the schema. */
import { isDeepStrictEqual } from "node:util";
import { errorBodySchema } from "@/lib/contract/error-body";
import { ERROR_STATUS } from "@/lib/contract/errors";
import type { RouteContext, RouteHandler } from "@/lib/server/http";
import type { RouteEntry } from "@/lib/server/routes";

/** The same endpoints; what an answer breaks of its declaration is added to `problems`, with the endpoint's name. */
export function checkAnswers({ path, module }: RouteEntry, problems: string[]): RouteEntry {
  const checked = Object.entries(module).map(([method, handler]) => [
    method,
    isRoute(handler) ? withCheck(handler, (problem) => problems.push(`${method} ${path}: ${problem}`)) : handler,
  ]);
  return { path, module: Object.fromEntries(checked) };
}

const isRoute = (value: unknown): value is RouteHandler => typeof value === "function" && "spec" in value;

function withCheck(handler: RouteHandler, report: (problem: string) => void): RouteHandler {
  const check = async (request: Request, context: RouteContext) => {
    const response = await handler(request, context);
    const problem = await findProblem(handler.spec, response);
    if (problem) report(problem);
    return response;
  };
  return Object.assign(check, { spec: handler.spec });
}

async function findProblem(spec: RouteHandler["spec"], response: Response): Promise<string | undefined> {
  const type = response.headers.get("content-type") ?? "";
  // Anything else is a stream or a file, which is not read here.
  if (!type.startsWith("application/json")) {
    return response.status >= 400 ? `answers ${response.status} as ${type || "nothing"}` : undefined;
  }
  const body: unknown = await response.clone().json();
  if (response.status >= 400) return findErrorProblem(response.status, body, spec);
  const status = spec.status ?? 200;
  if (response.status !== status) return `answers ${response.status} and declares ${status}`;
  if (!spec.response) return "answers JSON and declares no response";
  return findSchemaProblem(spec.response, body);
}

function findErrorProblem(status: number, body: unknown, spec: RouteHandler["spec"]): string | undefined {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) {
    // Health tells the same of a part that failed.
    return spec.response?.safeParse(body).success ? undefined : `an error is not of the error schema: ${parsed.error}`;
  }
  if (ERROR_STATUS[parsed.data.code] === status) return undefined;
  return `the code ${parsed.data.code} came with status ${status}`;
}

function findSchemaProblem(schema: NonNullable<RouteHandler["spec"]["response"]>, body: unknown): string | undefined {
  const parsed = schema.safeParse(body);
  if (!parsed.success) return `the answer is not of its schema: ${parsed.error}`;
  if (isDeepStrictEqual(parsed.data, body)) return undefined;
  return `the answer holds more than its schema declares: ${JSON.stringify(body)}`;
}
