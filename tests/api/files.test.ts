import { expect, test } from "vitest";
import { sweepFiles } from "@/lib/daemon/sweep-files";
import { createTestApi, type SignedInClient } from "../support/api";
import { insertModelConfig } from "../support/rows";

const api = await createTestApi();
await insertModelConfig(api.sql, { isDefault: true });
const ada = await api.asMember();

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
type Upload = { type?: string; disposition?: string; client?: SignedInClient };

async function upload(body: Uint8Array | string, { type, disposition, client = ada }: Upload = {}) {
  const headers = { ...(type && { "content-type": type }), ...(disposition && { "content-disposition": disposition }) };
  const response = await client.fetch("/chats/files", { method: "POST", body: body as BodyInit, headers });
  return { status: response.status, body: await response.json() };
}

test("an image comes back as it was, to be shown, and to its owner alone", async () => {
  const { status, body } = await upload(PNG, {
    type: "image/png",
    disposition: 'attachment; filename="../a \\"b\\".png"',
  });
  expect(status).toBe(201);
  expect(body).toMatchObject({ name: 'a "b".png', media_type: "image/png", size_bytes: PNG.length });
  const response = await ada.fetch(`/chats/files/${body.id}`);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(PNG);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "image/png",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=31536000, immutable",
    "content-disposition": expect.stringMatching(/^inline; filename="a _b_.png"/),
  });
  expect((await (await api.asMember()).get(`/chats/files/${body.id}`)).status).toBe(404);
  expect((await (await api.asAdmin()).get(`/chats/files/${body.id}`)).status).toBe(404);
});

test.each([
  ["text is plain text", "hello", {}, "text/plain"],
  ["a name makes Markdown", "# x", { disposition: "attachment; filename=a.md" }, "text/markdown"],
  ["an encoded name makes CSV", "a,b", { disposition: "attachment; filename*=UTF-8''%C3%BC.csv" }, "text/csv"],
  ["JSON is checked", '{"a":1}', { type: "application/json" }, "application/json"],
  ["broken JSON by name is text", "{", { disposition: "attachment; filename=a.json" }, "text/plain"],
  [
    "a page without a declared type is text",
    "<script>alert(1)</script>",
    { disposition: "attachment; filename=a.html" },
    "text/plain",
  ],
  ["a PDF is known by its bytes", Buffer.from("%PDF-1.7\n"), {}, "application/pdf"],
] as const)("%s", async (_name, body, options, mediaType) => {
  expect(await upload(body, options)).toMatchObject({ status: 201, body: { media_type: mediaType } });
});

test.each([
  ["nothing", "", {}],
  ["a program", Buffer.from("\x7fELF\0\0"), {}],
  ["a page", "<p>", { type: "text/html" }],
  ["a picture that runs", "<svg/>", { type: "image/svg+xml" }],
  ["text that says it is a picture", "hello", { type: "image/png" }],
  ["a picture that says it is text", PNG, { type: "text/plain" }],
  ["broken JSON", "{", { type: "application/json" }],
] as const)("%s is refused", async (_name, body, options) => {
  const answer = await upload(body as string, options);
  expect(answer).toMatchObject({
    status: 422,
    body: { code: "unprocessable", message: expect.stringContaining("cannot be attached") },
  });
});

test("a file above 10 MiB is refused, one of exactly 10 MiB is taken", async () => {
  const most = 10 * 1024 * 1024;
  expect((await upload(Buffer.alloc(most, "a"))).status).toBe(201);
  expect((await upload(Buffer.alloc(most + 1, "a"))).status).toBe(413);
});

test("a message names a file by its id; an unknown one and another person's are refused", async () => {
  const mine = (await upload("notes", { disposition: "attachment; filename=notes.txt" })).body.id;
  const theirs = (await upload("x", { client: await api.asMember() })).body.id;
  const file = (file_id: string) => [
    { type: "text", text: "look" },
    { type: "file", file_id, name: "lie.exe" },
  ];
  const chat = await ada.post("/chats", { content: file(mine) });
  expect(chat.status).toBe(201);
  const path = `/chats/${chat.body.id}/messages`;
  const { body } = await ada.get(path);
  expect(body.messages[0].content[1]).toEqual({
    type: "file",
    file_id: mine,
    media_type: "text/plain",
    name: "notes.txt",
  });
  for (const id of [theirs, "nonsense", chat.body.id]) {
    expect((await ada.post("/chats", { content: file(id) })).status).toBe(422);
    expect(await ada.post(path, { content: file(id) })).toMatchObject({
      status: 422,
      body: { validations: [{ field: "content.1.file_id" }] },
    });
    expect((await ada.patch(`${path}/${body.messages[0].id}`, { content: file(id) })).status).toBe(422);
  }
  const queued = await ada.post(path, { content: "later" });
  const queuePath = `/chats/${chat.body.id}/queue/${queued.body.queued_message.id}`;
  expect((await ada.patch(queuePath, { content: file(theirs) })).status).toBe(422);
  expect((await ada.patch(queuePath, { content: file(mine) })).body.content[1].name).toBe("notes.txt");
});

test("files that no chat names are swept after a day, with bytes that no row knows; named ones stay", async () => {
  const [kept, lost, fresh] = await Promise.all([upload("kept"), upload("lost"), upload("fresh")]);
  await ada.post("/chats", { content: [{ type: "file", file_id: kept.body.id }] });
  await api.sql`UPDATE chat_files SET created_at = now() - interval '2 days' WHERE id <> ${fresh.body.id}`;
  await sweepFiles({ sql: api.sql, files: api.runtime.files });
  const status = async (id: string) => (await ada.get(`/chats/files/${id}`)).status;
  expect([await status(kept.body.id), await status(lost.body.id), await status(fresh.body.id)]).toEqual([
    200, 404, 200,
  ]);
  expect(await api.runtime.files.get(lost.body.id)).toBeUndefined();
  await api.sql`DELETE FROM chat_files WHERE id = ${fresh.body.id}`;
  await sweepFiles({
    sql: api.sql,
    files: { ...api.runtime.files, listOlderThan: async () => [fresh.body.id, kept.body.id] },
  });
  expect(await api.runtime.files.get(fresh.body.id)).toBeUndefined();
  expect(await api.runtime.files.get(kept.body.id)).toBeDefined();
});
