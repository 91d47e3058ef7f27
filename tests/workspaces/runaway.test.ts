/** Commands that print without end, will not die or multiply: bounded, answered, and the workspace works on. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { createTestWorkspaces, processesNaming, until } from "../support/workspaces";

const workspaces = await createTestWorkspaces();
const workspaceId = await workspaces.open();
const execute = (command: string, args: Record<string, unknown> = {}, options = {}) =>
  workspaces.call(workspaceId, "execute", { command, ...args }, options);
const MB = 1024 * 1024;

/** Resident memory of everything in the sandbox while no command runs: of the agent. */
function agentMemoryMb(): number {
  const { pid } = JSON.parse(readFileSync(join(workspaces.dataDir, "workspaces", workspaceId, "sandbox.json"), "utf8"));
  return memoryMb(pid);
}

function memoryMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  const own = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1024;
  return children.reduce((sum, child) => sum + memoryMb(child), own);
}

/** Whatever happened before, the next command works. */
const expectUsable = async () => expect((await execute("echo fine")).result).toMatchObject({ output: "fine\n" });

test("a gigabyte of output costs neither the agent nor the server memory, and its ends are shown", async () => {
  let heardBytes = 0;
  const before = { server: process.memoryUsage().rss, agent: agentMemoryMb() };
  const command = "echo first; yes 0123456789abcdef | head -c 1000000000; echo last";
  const onOutput = (delta: string) => {
    heardBytes += delta.length;
  };
  const { result } = await execute(command, { timeout: "100s" }, { onOutput });
  expect(before.agent).toBeGreaterThan(10);
  expect(result).toMatchObject({ exit_code: 0, truncated: true });
  expect(result.output.length).toBeLessThan(40_000);
  expect(result.output).toMatch(/^first\n[\s\S]*last\n$/);
  expect(agentMemoryMb() - before.agent).toBeLessThan(64);
  expect((process.memoryUsage().rss - before.server) / MB).toBeLessThan(200);
  // What people watch live goes through the database, so it is bounded as well.
  expect(heardBytes).toBeLessThan(2 * MB);
  await expectUsable();
}, 120_000);

test("one line of a hundred megabytes is cut, and binary output can be stored", async () => {
  const line = await execute("head -c 100000000 /dev/zero | tr '\\0' a");
  expect(line.result.output.length).toBeLessThan(40_000);
  const binary = await execute("head -c 300000 /dev/urandom");
  expect(JSON.stringify(binary.result)).not.toContain("\\u0000");
  expect(binary.result.output.length).toBeLessThan(100_000);
  await expectUsable();
}, 60_000);

test("a command that ignores SIGTERM and a daemon that left its session end when the call is cancelled", async () => {
  const callId = newId();
  const command =
    "trap '' TERM; setsid sh -c \"trap '' TERM; while :; do sleep 9.25; done\" & while :; do sleep 9.75; done";
  const waiting = execute(command, { timeout: "1h" }, { callId });
  const isRunning = async (text: string) =>
    (await execute(`ps -eo args | grep -cFx '${text}'`)).result.output !== "0\n";
  await until(async () => (await isRunning("sleep 9.25")) && (await isRunning("sleep 9.75")), "both run");
  const connection = await workspaces.connect(workspaceId);
  await connection.cancel([callId], AbortSignal.timeout(20_000));
  expect((await waiting).result.exit_code).not.toBe(0);
  await until(async () => !(await isRunning("sleep 9.25")) && !(await isRunning("sleep 9.75")), "both ended");
  await expectUsable();
}, 60_000);

test("a fork bomb is stopped with its call", async () => {
  const callId = newId();
  // Bounded by itself where a host has no limit on processes.
  const bomb = "bomb() { [ $1 -gt 6 ] && exec sleep 60; bomb $(($1 + 1)) & bomb $(($1 + 1)) & wait; }; bomb 0";
  const waiting = execute(bomb, { timeout: "1h" }, { callId });
  const count = async () => Number((await execute("ps -eo args | grep -cFx 'sleep 60'")).result.output);
  await until(async () => (await count()) > 20, "it multiplies");
  const connection = await workspaces.connect(workspaceId);
  await connection.cancel([callId], AbortSignal.timeout(20_000));
  await waiting;
  await until(async () => (await count()) === 0, "all of it ended");
  await expectUsable();
}, 60_000);

test("a workspace that is deleted in the middle of a call answers it with an error that says so", async () => {
  const doomed = await workspaces.open();
  const options = { callId: newId() };
  const waiting = workspaces
    .call(doomed, "execute", { command: "touch begun; sleep 60", timeout: "1h" }, options)
    .catch((error: Error) => error);
  const folder = join(workspaces.dataDir, "workspaces", doomed);
  await until(() => exists(join(folder, "work/begun")), "it has begun");
  await workspaces.service.build({ workspaceId: doomed, transition: "delete" });
  expect(await waiting).toBeInstanceOf(Error);
  await until(() => processesNaming(doomed).length === 0, "its processes ended");
  await expect(workspaces.connect(doomed)).rejects.toThrow(/^The workspace (is being|was) deleted\.$/);
});

test("a workspace whose directory is removed under it leaves calls that end", async () => {
  const hollow = await workspaces.open();
  rmSync(join(workspaces.dataDir, "workspaces", hollow, "work"), { recursive: true, force: true });
  const { is_error, result } = await workspaces.call(hollow, "execute", { command: "echo x > file" });
  expect(is_error || result.exit_code !== 0).toBe(true);
});

function exists(path: string): boolean {
  try {
    return readFileSync(path) !== undefined;
  } catch {
    return false;
  }
}
