import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { insertChat } from "../support/rows";
import { createTestWorkspaces, processesNaming, until } from "../support/workspaces";

const workspaces = await createTestWorkspaces();
const { sql } = workspaces;
const signal = () => AbortSignal.timeout(20_000);
const latest = async (workspaceId: string) => {
  const [row] = await sql`
    SELECT b.build_number, b.status, b.error, a.id AS agent_id, a.status AS agent_status
    FROM workspace_builds b LEFT JOIN workspace_agents a ON a.build_id = b.id
    WHERE b.workspace_id = ${workspaceId} ORDER BY b.build_number DESC LIMIT 1`;
  return row!;
};
const sandboxOf = (workspaceId: string): { pid: number } =>
  JSON.parse(readFileSync(join(workspaces.dataDir, "workspaces", workspaceId, "sandbox.json"), "utf8"));
const begin = (workspaceId: string, callId: string, command: string) =>
  workspaces.call(workspaceId, "execute", { command, timeout: "1h" }, { callId });
const file = (workspaceId: string, name: string) =>
  readFileSync(join(workspaces.dataDir, "workspaces", workspaceId, "work", name), "utf8");
const exists = (workspaceId: string, name: string) => {
  try {
    return file(workspaceId, name) !== "";
  } catch {
    return false;
  }
};

test("a sandbox outlives its server, and a new one adopts the running call", async () => {
  const workspaceId = await workspaces.open();
  const before = sandboxOf(workspaceId);
  const callId = newId();
  const lost = begin(workspaceId, callId, "echo x >> runs; while [ ! -e go ]; do sleep 0.05; done; echo done").catch(
    (error: Error) => error.message,
  );
  await until(() => exists(workspaceId, "runs"), "the command has begun");
  await workspaces.service.close();
  expect(await lost).toContain("workspace agent");
  const service = workspaces.restartServer();
  await service.start();
  expect(sandboxOf(workspaceId)).toEqual(before);
  const connection = await workspaces.connect(workspaceId);
  expect(await connection.lookup(callId, signal())).toEqual({ state: "running" });
  const adopted = begin(workspaceId, callId, "never run");
  await workspaces.call(workspaceId, "execute", { command: "touch go" });
  expect((await adopted).result).toMatchObject({ output: "done\n", exit_code: 0 });
  expect(file(workspaceId, "runs")).toBe("x\n");
});

test("after a stop and start the agent is another, finished calls are known and the one in flight is unknown", async () => {
  const workspaceId = await workspaces.open();
  const first = await latest(workspaceId);
  const finishedId = newId();
  await begin(workspaceId, finishedId, "echo kept");
  const lostId = newId();
  const lost = begin(workspaceId, lostId, "touch begun; echo x > begun; sleep 60").catch(
    (error: Error) => error.message,
  );
  await until(() => exists(workspaceId, "begun"), "the command has begun");
  const held = await workspaces.connect(workspaceId);
  const { buildId } = await workspaces.service.build({ workspaceId, transition: "stop" });
  await until(async () => (await latest(workspaceId)).status === "stopped", "it stopped");
  expect(buildId).toBeTruthy();
  expect(await lost).toContain("workspace agent");
  const heardProgress: string[] = [];
  const connection = await workspaces.service.connect({
    workspaceId,
    signal: signal(),
    onProgress: (what) => heardProgress.push(what),
  });
  expect(heardProgress[0]).toBe("Starting the workspace");
  const second = await latest(workspaceId);
  expect(second).toMatchObject({ build_number: 3, status: "running", agent_status: "connected" });
  expect(second.agent_id).not.toBe(first.agent_id);
  expect(await connection.lookup(finishedId, signal())).toMatchObject({
    state: "finished",
    outcome: { result: { output: "kept\n" } },
  });
  const unknown = await begin(workspaceId, lostId, "touch again");
  expect(unknown).toMatchObject({ is_error: true, result: { outcome_unknown: true } });
  expect(exists(workspaceId, "again")).toBe(false);
  await expect(held.lookup(finishedId, signal())).rejects.toThrow("workspace agent");
});

test("a killed sandbox is started again at the next use, and its files are there", async () => {
  const workspaceId = await workspaces.open();
  await workspaces.call(workspaceId, "write_file", { path: "note", content: "here" });
  process.kill(sandboxOf(workspaceId).pid, "SIGKILL");
  await until(() => processesNaming(workspaceId).length === 0, "the sandbox ended");
  const { result } = await workspaces.call(workspaceId, "execute", { command: "cat note" });
  expect(result.output).toBe("here");
  const [ended] = await sql`
    SELECT error FROM workspace_builds WHERE workspace_id = ${workspaceId} AND build_number = 1`;
  expect(ended?.error).toBe("The sandbox ended by itself.");
});

test("a build that a dead server left is taken up by the next one", async () => {
  const workspaceId = newId();
  const [template] = await sql`SELECT id FROM templates LIMIT 1`;
  await sql`INSERT INTO workspaces (id, name, owner_id, template_id)
    VALUES (${workspaceId}, 'left', ${workspaces.ownerId}, ${template!.id})`;
  await sql`INSERT INTO workspace_builds (id, workspace_id, build_number, transition, status)
    VALUES (${newId()}, ${workspaceId}, 1, 'start', 'starting')`;
  await workspaces.service.close();
  await workspaces.restartServer().start();
  await until(async () => (await latest(workspaceId)).status === "running", "it runs");
});

test("a chat that asks for its workspace several times, also at once, has one", async () => {
  const chatId = await insertChat(sql, { ownerId: workspaces.ownerId });
  const ask = () => workspaces.service.create({ ownerId: workspaces.ownerId, chatId });
  const answers = await Promise.all([ask(), ask(), ask()]);
  expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
  const { workspaceId } = await ask();
  expect(answers.map((answer) => answer.workspaceId)).toEqual(Array(3).fill(workspaceId));
  expect(await sql`SELECT workspace_id FROM chats WHERE id = ${chatId}`).toEqual([{ workspace_id: workspaceId }]);
  expect(await sql`SELECT 1 FROM workspace_builds WHERE workspace_id = ${workspaceId}`).toHaveLength(1);
});

test("a sandbox without a live build is reaped", async () => {
  const workspaceId = await workspaces.open();
  const { pid } = sandboxOf(workspaceId);
  await sql`UPDATE workspace_builds SET status = 'stopped' WHERE workspace_id = ${workspaceId}`;
  await workspaces.service.close();
  await workspaces.restartServer().start();
  expect(() => process.kill(pid, 0)).toThrow();
  expect(processesNaming(workspaceId)).toEqual([]);
});

test("deleting removes the files, and one build at a time is made", async () => {
  const workspaceId = await workspaces.open();
  const both = await Promise.allSettled([
    workspaces.service.build({ workspaceId, transition: "delete" }),
    workspaces.service.build({ workspaceId, transition: "delete" }),
  ]);
  expect(both.map((outcome) => outcome.status).sort()).toEqual(["fulfilled", "rejected"]);
  await until(async () => (await latest(workspaceId)).status === "deleted", "it is deleted");
  expect(processesNaming(workspaceId)).toEqual([]);
  await expect(workspaces.connect(workspaceId)).rejects.toMatchObject({ code: "unavailable" });
});

test("an agent that no server speaks to ends its sandbox", async () => {
  const forgotten = await createTestWorkspaces({ idleTimeoutMs: 1_500 });
  const workspaceId = await forgotten.open();
  await until(() => processesNaming(workspaceId).length === 0, "the sandbox ended by itself");
});

test("a start that fails while the database takes nothing is recorded once it does, and the next use starts it", async () => {
  const workspaceId = await workspaces.open();
  await workspaces.service.build({ workspaceId, transition: "stop" });
  await until(async () => (await latest(workspaceId)).status === "stopped", "it stopped");
  await sql`CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disk full'; END $$`;
  await sql`CREATE SEQUENCE refused_updates`;
  await sql`
    CREATE TRIGGER refuse_update BEFORE UPDATE ON workspace_builds FOR EACH ROW
    WHEN (nextval('refused_updates') > 0) EXECUTE FUNCTION refuse_update()`;
  await workspaces.service.build({ workspaceId, transition: "start" });
  const refusals = async () => Number((await sql`SELECT last_value FROM refused_updates`)[0]?.last_value);
  // The first is the start itself, the second its failure.
  await until(async () => (await refusals()) >= 2, "neither the start nor its failure could be recorded");
  expect(await latest(workspaceId)).toMatchObject({ status: "pending" });
  await sql`DROP TRIGGER refuse_update ON workspace_builds`;
  await until(async () => (await latest(workspaceId)).status === "failed", "the failure is recorded");
  expect(await latest(workspaceId)).toMatchObject({ error: expect.stringContaining("disk full") });
  const { result } = await workspaces.call(workspaceId, "execute", { command: "echo back" });
  expect(result).toMatchObject({ output: "back\n" });
});
