import { expect, test } from "vitest";
import { createRouteHandler } from "@/lib/server/routes";

type Context = { params: Promise<unknown> };
const answer =
  (name: string) =>
  async (_request: Request, { params }: Context) =>
    Response.json({ name, params: await params });

const handle = createRouteHandler([
  { path: "/api/chats/[id]", module: { GET: answer("chat"), PATCH: answer("patch") } },
  { path: "/api/chats/models", module: { GET: answer("models") } },
  { path: "/api/chats/[id]/queue/[q]", module: { DELETE: answer("queue") } },
  { path: "/api/files/[...path]", module: { GET: answer("files") } },
  {
    path: "/api/broken",
    module: {
      GET: () => {
        throw new Error("secret detail");
      },
    },
  },
]);
const ask = (path: string, method = "GET") => handle(new Request(`http://localhost${path}`, { method }));

test("a literal segment wins over a parameter", async () => {
  expect(await (await ask("/api/chats/models")).json()).toEqual({ name: "models", params: {} });
  expect(await (await ask("/api/chats/a%20b")).json()).toEqual({ name: "chat", params: { id: "a b" } });
});

test("a path goes back to a parameter when the literal leads nowhere", async () => {
  const response = await ask("/api/chats/models/queue/7", "DELETE");
  expect(await response.json()).toEqual({ name: "queue", params: { id: "models", q: "7" } });
});

test("a catch-all takes every further segment, decoded", async () => {
  expect(await (await ask("/api/files/a/b%20c")).json()).toEqual({ name: "files", params: { path: ["a", "b c"] } });
});

test.each(["/api/nothing", "/api/chats/%E0%A4%A", "/api/chats//queue/1", "/api/chats"])(
  "%s is answered not_found",
  async (path) => {
    const response = await ask(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: "not_found" });
  },
);

test("a wrong method is answered 405 with the methods that are possible", async () => {
  const response = await ask("/api/chats/1", "DELETE");
  expect(response.status).toBe(405);
  expect(response.headers.get("allow")).toBe("GET, HEAD, PATCH, OPTIONS");
  expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
});

test("HEAD is GET without its body, and ends the stream behind it", async () => {
  let cancelled = false;
  const stream = new ReadableStream({
    cancel: () => {
      cancelled = true;
    },
  });
  const streaming = createRouteHandler([{ path: "/api/s", module: { GET: () => new Response(stream) } }]);
  const response = await streaming(new Request("http://localhost/api/s", { method: "HEAD" }));
  expect(response.status).toBe(200);
  expect(response.body).toBeNull();
  expect(cancelled).toBe(true);
});

test("OPTIONS names the methods", async () => {
  const response = await ask("/api/files/x", "OPTIONS");
  expect([response.status, response.headers.get("allow")]).toEqual([204, "GET, HEAD, OPTIONS"]);
});

test("what a module throws says nothing internal", async () => {
  const response = await ask("/api/broken");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("secret detail");
});
