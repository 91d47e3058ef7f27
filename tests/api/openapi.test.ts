import { expect, test } from "vitest";
import { z } from "zod";
import type { RouteHandler } from "@/lib/server/http";
import { routeModules } from "@/lib/server/routes.generated";
import { createTestApi } from "../support/api";
import { checkAnswers } from "../support/check-answers";

const api = await createTestApi();
const { body: document } = await (await api.asMember()).get("/api/openapi.json");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

test("every route is in the document, with its parameters", () => {
  expect(document.openapi).toBe("3.1.0");
  const documented = Object.entries(document.paths as Record<string, Record<string, unknown>>)
    .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();
  const mounted = routeModules
    .flatMap(({ path, module }) =>
      METHODS.filter((method) => method in module).map(
        (method) => `${method} ${path.replaceAll(/\[(.+?)\]/g, "{$1}")}`,
      ),
    )
    .sort();
  expect(documented).toEqual(mounted);
  type Operation = { summary: string; parameters: { name: string; in: string }[] };
  for (const [path, operations] of Object.entries<Record<string, Operation>>(document.paths)) {
    for (const operation of Object.values(operations)) {
      expect(operation.summary).toMatch(/\.$/);
      const inPath = operation.parameters.filter((parameter) => parameter.in === "path");
      expect(inPath.map((parameter) => `{${parameter.name}}`)).toEqual(path.match(/\{.+?\}/g) ?? []);
    }
  }
});

test("every reference points at a schema, and operation ids are unique", () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
  for (const reference of new Set(references)) {
    const [root, components, kind, name] = reference.split("/");
    expect([root, components]).toEqual(["#", "components"]);
    expect(document.components[kind!], reference).toHaveProperty(name!);
  }
  expect(references).toContain("#/components/schemas/Chat");
  const ids = Object.values<Record<string, { operationId: string }>>(document.paths).flatMap((operations) =>
    Object.values(operations).map((operation) => operation.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test("names what a client needs of a list: query, security, answer", () => {
  const operation = document.paths["/api/experimental/chats"].get;
  expect(operation.parameters.map((parameter: { name: string }) => parameter.name)).toEqual([
    "limit",
    "offset",
    "after_id",
    "archived",
    "q",
  ]);
  expect(operation.security).toEqual([{ token: [] }]);
  expect(document.paths["/api/experimental/chats"].post.responses).toHaveProperty("201");
  expect(document.components.schemas.Chat.properties.children.items).toEqual({ $ref: "#/components/schemas/Chat" });
});

/** What the check of every test's answers says of this one. */
async function problemOf(response: Response, spec: Partial<RouteHandler["spec"]> = {}): Promise<string[]> {
  const declared = { access: "member", summary: "Tests.", response: z.object({ id: z.string() }), ...spec } as const;
  const problems: string[] = [];
  const route = Object.assign(async () => response, { spec: declared });
  const { module } = checkAnswers({ path: "/api/x", module: { GET: route } }, problems);
  await (module.GET as RouteHandler)(new Request("http://127.0.0.1/api/x"), { params: Promise.resolve({}) });
  return problems;
}

test("an answer that is not as declared is noticed in every test of the interface", async () => {
  const error = { code: "conflict", message: "No.", request_id: "1", validations: [] };
  expect(await problemOf(Response.json({ id: "1" }))).toEqual([]);
  expect(await problemOf(Response.json(error, { status: 409 }))).toEqual([]);
  expect(await problemOf(Response.json({ id: 1 }))).toEqual([expect.stringContaining("GET /api/x: the answer is not")]);
  expect(await problemOf(Response.json({ id: "1", secret: 1 }))).toEqual([expect.stringContaining("holds more")]);
  expect(await problemOf(Response.json({ id: "1" }, { status: 201 }))).toEqual([
    expect.stringContaining("declares 200"),
  ]);
  expect(await problemOf(Response.json({}), { response: undefined })).toEqual([expect.stringContaining("no response")]);
  expect(await problemOf(Response.json(error, { status: 404 }))).toEqual([expect.stringContaining("with status 404")]);
  expect(await problemOf(Response.json({}, { status: 409 }))).toEqual([expect.stringContaining("error schema")]);
  expect(await problemOf(new Response("No.", { status: 404 }))).toEqual([expect.stringContaining("answers 404 as")]);
});
