import { expect, test } from "vitest";
import { routeModules } from "@/lib/server/routes.generated";
import { createTestApi } from "../support/api";

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
