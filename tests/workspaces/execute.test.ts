import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { newId } from "@/lib/ids";
import { createTestWorkspaces, until } from "../support/workspaces";

const workspaces = await createTestWorkspaces();
const workspaceId = await workspaces.open();
const execute = (command: string, args: Record<string, unknown> = {}) =>
  workspaces.call(workspaceId, "execute", { command, ...args });
const call = (tool: Parameters<typeof workspaces.call>[1], args: Record<string, unknown>, chatId = "chat") =>
  workspaces.call(workspaceId, tool, args, { chatId });
/** Whether a process with this command line runs in the sandbox. */
const isRunning = async (commandLine: string) =>
  (await execute(`ps -eo args | grep -Fx ${JSON.stringify(commandLine)} || true`)).result.output !== "";

test("a command returns its output and exit code", async () => {
  const { result, is_error } = await execute("echo out; echo err >&2; exit 3");
  expect(is_error).toBe(false);
  expect(result).toMatchObject({ output: "out\nerr\n", exit_code: 3 });
  expect(result.wall_duration_ms).toBeGreaterThanOrEqual(0);
});

test("output arrives live and adds up to the result", async () => {
  const heard: string[] = [];
  const { result } = await workspaces.call(
    workspaceId,
    "execute",
    { command: "for i in 1 2 3; do echo line $i; sleep 0.05; done" },
    { onOutput: (delta) => heard.push(delta) },
  );
  expect(heard.length).toBeGreaterThan(1);
  expect(heard.join("")).toBe(result.output);
});

test("commands start in the workspace directory, with tools and no terminal", async () => {
  const { result } = await execute(
    "pwd; echo $TERM $GIT_TERMINAL_PROMPT $PAGER; git --version; node -v; test -t 0 || echo no tty",
  );
  expect(result.output).toMatch(/^\/workspace\ndumb 0 cat\ngit version .*\nv\d+.*\nno tty\n$/);
  expect((await execute("echo $PATH")).result.output).not.toContain("node_modules");
});

test("workdir must be a directory of the workspace", async () => {
  await execute("mkdir -p sub");
  expect((await execute("pwd", { workdir: "sub" })).result.output).toBe("/workspace/sub\n");
  for (const workdir of ["/etc", "../..", "missing"]) {
    expect((await execute("pwd", { workdir })).is_error, workdir).toBe(true);
  }
});

test("long output is cut in the middle and kept whole in a file that read_file opens", async () => {
  const { result } = await execute("seq 1 60000");
  expect(result.truncated).toBe(true);
  expect(result.output.length).toBeLessThan(34_000);
  expect(result.output).toMatch(/^1\n2\n/);
  expect(result.output.trimEnd().endsWith("60000")).toBe(true);
  expect(result.output).toContain(result.output_file);
  const page = await call("read_file", { path: result.output_file, offset: 30_000, limit: 1 });
  expect(page.result).toMatchObject({ content: " 30000\t30000", total_lines: 60_000 });
  expect((await call("write_file", { path: result.output_file, content: "x" })).is_error).toBe(true);
});

test("a line beyond the limit is cut and says how much is missing", async () => {
  const { result } = await execute("head -c 5000 /dev/zero | tr '\\0' a");
  expect(result.output).toBe(`${"a".repeat(2048)}… [2952 more characters]`);
  expect((await execute(`wc -c < ${result.output_file}`)).result.output.trim()).toBe("5000");
});

test("output that is not text is made storable", async () => {
  const { result } = await execute("printf 'a\\000b\\377c\\033[31mred\\033[0m'");
  expect(result.output).toBe("a\uFFFDb\uFFFDcred");
});

test("a command beyond its timeout goes on and can be followed", async () => {
  const { result } = await execute("echo begun; sleep 0.6; echo done", { timeout: "200ms" });
  expect(result).toMatchObject({ exit_code: -1, output: "begun\n" });
  const followed = await call("process_output", { process_id: result.background_process_id, wait_timeout: "10s" });
  expect(followed.result).toMatchObject({ running: false, exit_code: 0, output: "begun\ndone\n" });
});

test("a trailing ampersand means the background", async () => {
  const { result } = await execute("sleep 4321 &");
  expect(result.background_process_id).toBeTruthy();
  const list = await call("process_list", {});
  expect(list.result.processes).toContainEqual(expect.objectContaining({ command: "sleep 4321", running: true }));
  await call("process_signal", { process_id: result.background_process_id, signal: "kill" });
});

test("a signal ends the whole group and whoever left it", async () => {
  const { result } = await execute("sleep 5111 & setsid sleep 5222 & sleep 5333", { run_in_background: true });
  await until(() => isRunning("sleep 5222"), "all three run");
  const signal = await call("process_signal", { process_id: result.background_process_id, signal: "terminate" });
  expect(signal.result).toMatchObject({ running: false, exit_code: 143 });
  await until(async () => !(await isRunning("sleep 5111")) && !(await isRunning("sleep 5222")), "all ended");
});

test("processes belong to a chat", async () => {
  const { result } = await execute("sleep 6111", { run_in_background: true });
  const foreign = await call("process_output", { process_id: result.background_process_id }, "another chat");
  expect(foreign.is_error).toBe(true);
  expect((await call("process_list", {}, "another chat")).result.processes).toEqual([]);
  await call("process_signal", { process_id: result.background_process_id, signal: "kill" });
});

test("cancelling a call ends its processes, and aborting only stops waiting", async () => {
  const connection = await workspaces.connect(workspaceId);
  const callId = newId();
  const abort = new AbortController();
  const args = { command: "sleep 7111", timeout: "1h" };
  const waiting = workspaces.call(workspaceId, "execute", args, { callId, signal: abort.signal });
  await until(() => isRunning("sleep 7111"), "it runs");
  abort.abort(new Error("enough"));
  await expect(waiting).rejects.toThrow("enough");
  expect(await connection.lookup(callId, AbortSignal.timeout(5_000))).toEqual({ state: "running" });
  await connection.cancel([callId], AbortSignal.timeout(5_000));
  const entry = await connection.lookup(callId, AbortSignal.timeout(5_000));
  expect(entry).toMatchObject({ state: "finished", outcome: { result: { exit_code: 143 } } });
  expect(await isRunning("sleep 7111")).toBe(false);
});

test("a known call is adopted, never run again", async () => {
  const callId = newId();
  const options = { callId };
  const args = { command: "echo x >> runs; sleep 0.3; wc -l < runs" };
  const both = await Promise.all([
    workspaces.call(workspaceId, "execute", args, options),
    workspaces.call(workspaceId, "execute", args, options),
  ]);
  const later = await workspaces.call(workspaceId, "execute", args, options);
  for (const outcome of [...both, later]) expect(outcome.result.output.trim()).toBe("1");
});

test("bad arguments say what came and what to do", async () => {
  expect((await call("execute", {})).result.error).toBe("command must be text; received nothing.");
  expect((await execute("true", { timeout: "-5s" })).result.error).toContain('received "-5s"');
  expect((await call("process_signal", { process_id: "nope", signal: "kill" })).result.error).toContain("process_list");
  expect((await workspaces.call(workspaceId, "nothing" as never, {})).result.error).toBe("There is no tool nothing.");
});

test("a hundred commands at once all return", async () => {
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, index) => execute(`echo ${index}`)));
  expect(outcomes.map((outcome) => outcome.result.output.trim())).toEqual(outcomes.map((_, index) => String(index)));
});

test("limits hold as far as the log claims them", async () => {
  const [row] = await workspaces.sql`
    SELECT line FROM workspace_build_logs WHERE stage = 'sandbox' ORDER BY seq DESC LIMIT 1`;
  const { pid } = JSON.parse(readFileSync(`${workspaces.dataDir}/workspaces/${workspaceId}/sandbox.json`, "utf8"));
  const groups = readFileSync(`/proc/${pid}/cgroup`, "utf8");
  expect(row?.line.includes("memory 4096 MB")).toBe(groups.includes(`slipway/${workspaceId}`));
});
