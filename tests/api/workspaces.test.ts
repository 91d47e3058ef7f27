import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { setRuntime } from "@/lib/server/runtime";
import { createTestApi } from "../support/api";
import { insertChat } from "../support/rows";
import { createTestWorkspaces, until } from "../support/workspaces";

const api = await createTestApi();
// The rows of both must be the same ones.
const workspaces = await createTestWorkspaces({ database: api });
setRuntime({ ...api.runtime, workspaces: workspaces.service });
const admin = await api.asAdmin();
const member = await api.asMember();
const stranger = await api.asMember();

const isRunning = async (id: string) => (await member.get(`/workspaces/${id}`)).body.status === "running";

test("a fresh install has one usable local template", async () => {
  const { status, body } = await member.get("/templates");
  expect(status).toBe(200);
  expect(body).toEqual([expect.objectContaining({ driver: "local", enabled: true })]);
});

test("administrators write templates, members see enabled ones only", async () => {
  const body = { name: "Extra", config: { allowed_hosts: ["example.com"] }, enabled: false };
  const created = await admin.post("/templates", body);
  expect(created).toMatchObject({ status: 201, body: { name: "Extra", description: "", driver: "local" } });
  const { id } = created.body;
  expect((await member.post("/templates", body)).status).toBe(403);
  expect((await member.patch(`/templates/${id}`, { enabled: true })).status).toBe(403);
  expect((await member.get("/templates")).body).toHaveLength(1);
  expect((await admin.get("/templates")).body).toHaveLength(2);
  const changed = await admin.patch(`/templates/${id}`, { name: "Other" });
  expect(changed).toMatchObject({ status: 200, body: { name: "Other", config: body.config } });
  expect((await admin.patch(`/templates/${id}`, { config: { surprise: 1 } })).status).toBe(400);
  const refused = await admin.patch(`/templates/${id}`, { config: { allowed_hosts: ["example.com", "http://x"] } });
  expect([refused.status, refused.body.validations[0].field]).toEqual([400, "config.allowed_hosts.1"]);
  expect((await admin.delete(`/templates/${id}`)).status).toBe(204);
  expect((await admin.delete(`/templates/${id}`)).status).toBe(404);
  expect((await admin.patch("/templates/nonsense", {})).status).toBe(404);
});

test("a workspace is created, runs, stops and is started with another agent", async () => {
  const created = await member.post("/workspaces", {});
  expect(created).toMatchObject({ status: 201, body: { owner_id: member.user.id, latest_build: { build_number: 1 } } });
  const { id } = created.body;
  await until(() => isRunning(id), "it runs");
  const first = (await member.get(`/workspaces/${id}`)).body.latest_build;
  expect(first.agents).toEqual([expect.objectContaining({ status: "connected", name: "main" })]);
  const stop = await member.post(`/workspaces/${id}/builds`, { transition: "stop" });
  expect(stop).toMatchObject({ status: 201, body: { build_number: 2, transition: "stop" } });
  await until(async () => (await member.get(`/workspaces/${id}`)).body.status === "stopped", "it stopped");
  await member.post(`/workspaces/${id}/builds`, { transition: "start" });
  await until(() => isRunning(id), "it runs again");
  const second = (await member.get(`/workspaces/${id}`)).body.latest_build;
  expect(second.agents[0].id).not.toBe(first.agents[0].id);
  expect((await member.get("/workspaces")).body.map((row: { id: string }) => row.id)).toEqual([id]);
});

test("a build's log streams to its end", async () => {
  const { body } = await member.post("/workspaces", { name: "logged" });
  const { latest_build: build, id } = body;
  const response = await member.fetch(`/workspaces/${id}/builds/${build.id}/logs`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const text = await response.text();
  expect(text).toMatch(/^retry: 1000\n\n/);
  expect(text).toContain('data: {"type":"log","stage":"ready","line":"The workspace is ready"}');
  expect(text.trimEnd().endsWith('data: {"type":"done"}')).toBe(true);
  const resumed = await member.fetch(`/workspaces/${id}/builds/${build.id}/logs`, {
    headers: { "last-event-id": "1" },
  });
  expect(await resumed.text()).not.toContain("id: 1\n");
  expect((await stranger.get(`/workspaces/${id}/builds/${build.id}/logs`)).status).toBe(404);
  expect((await member.get(`/workspaces/${id}/builds/${newId()}/logs`)).status).toBe(404);
});

test("administrators see whose every workspace is and how it is used, not what is in it, and may end it", async () => {
  const owner = await api.asMember();
  const { body: workspace } = await owner.post("/workspaces", { name: "heavy" });
  await until(async () => (await owner.get(`/workspaces/${workspace.id}`)).body.status === "running", "it runs");
  const chat = await insertChat(api.sql, { ownerId: owner.user.id, status: "running" });
  await api.sql`UPDATE chats SET workspace_id = ${workspace.id} WHERE id = ${chat}`;
  const find = async () => {
    const { body } = await admin.get("/admin/workspaces?limit=200");
    return body.find((row: { id: string }) => row.id === workspace.id);
  };
  expect(await find()).toEqual({
    id: workspace.id,
    name: "heavy",
    owner_id: owner.user.id,
    owner_username: owner.user.username,
    template_id: workspace.template_id,
    template_name: expect.any(String),
    status: "running",
    created_at: workspace.created_at,
    last_used_at: (await owner.get(`/chats/${chat}`)).body.updated_at,
    chat_count: 1,
    active_chat_count: 1,
  });
  const path = `/admin/workspaces/${workspace.id}/builds`;
  expect((await member.get("/admin/workspaces")).status).toBe(403);
  expect((await member.post(path, { transition: "stop" })).status).toBe(403);
  expect((await admin.post(path, { transition: "start" })).status).toBe(400);
  const stop = await admin.post(path, { transition: "stop" });
  expect(stop).toMatchObject({ status: 201, body: { transition: "stop", build_number: 2 } });
  await until(async () => (await find()).status === "stopped", "it stopped");
  expect((await admin.post(path, { transition: "delete" })).status).toBe(201);
  await until(async () => !(await find()), "it is gone");
  expect((await admin.post(path, { transition: "delete" })).status).toBe(404);
});

test("another person's workspace is not found, for administrators too", async () => {
  const { body } = await member.post("/workspaces", {});
  for (const other of [stranger, admin]) {
    expect((await other.get(`/workspaces/${body.id}`)).status).toBe(404);
    expect((await other.post(`/workspaces/${body.id}/builds`, { transition: "delete" })).status).toBe(404);
    expect((await other.get("/workspaces")).body).toEqual([]);
  }
  expect((await api.anonymous.get("/workspaces")).status).toBe(401);
  await until(() => isRunning(body.id), "it runs");
});

test("bad references are refused with a reason", async () => {
  expect((await member.post("/workspaces", { template_id: newId() })).status).toBe(422);
  expect((await member.post("/workspaces", { repository: "file:///etc" })).status).toBe(422);
  expect((await member.post("/workspaces", { branch: "-x" })).status).toBe(422);
  expect((await member.post("/workspaces", { name: "no spaces here" })).status).toBe(400);
  expect((await member.post(`/workspaces/${newId()}/builds`, { transition: "start" })).status).toBe(404);
});

test("files are found by a part of their path while the workspace runs, by its owner alone", async () => {
  const { id } = (await member.post("/workspaces", {})).body;
  const find = (query: string, person = member) => person.get(`/workspaces/${id}/files${query}`);
  await until(() => isRunning(id), "it runs");
  const command = "mkdir -p src/users; touch src/users/list.ts src/user.ts 'src/a b.md' README.md";
  await workspaces.call(id, "execute", { command });
  expect(await find("?q=user")).toMatchObject({
    status: 200,
    body: { files: ["src/user.ts", "src/users/list.ts"], truncated: false },
  });
  expect((await find("?q=A%20B")).body.files).toEqual(["src/a b.md"]);
  expect((await find("?limit=1")).body).toEqual({ files: ["README.md"], truncated: true });
  expect((await find("?q=nothing")).body).toEqual({ files: [], truncated: false });
  expect((await find("?limit=0")).status).toBe(400);
  expect((await find("?q=user", stranger)).status).toBe(404);
  await member.post(`/workspaces/${id}/builds`, { transition: "stop" });
  await until(async () => (await member.get(`/workspaces/${id}`)).body.status === "stopped", "it has stopped");
  expect(await find("?q=user")).toMatchObject({ status: 409, body: { message: expect.stringContaining("stopped") } });
});
