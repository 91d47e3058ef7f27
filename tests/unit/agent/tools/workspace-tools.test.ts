import { describe, expect, test } from "vitest";
import { createToolPort } from "@/lib/agent/tools/tool";
import {
  createWorkspaceTools,
  READ_ONLY_TOOLS,
  WORKSPACE_TOOL_DEFINITIONS,
  type WorkspaceTools,
} from "@/lib/agent/tools/workspace-tools";
import type { ToolRunOptions } from "@/lib/agent/types";
import { WORKSPACE_TOOLS, type WorkspaceCall, type WorkspaceConnection } from "@/lib/contract/workspace-agent";
import { toolCall } from "@/tests/support/scripted-turn";

type Answer = WorkspaceConnection["call"];

/** A workspace whose connections behave as told, one after the other; the last one for ever. */
function workspace({ answers = [], connects = [] }: { answers?: Answer[]; connects?: (Error | "new" | "old")[] }) {
  const calls: WorkspaceCall[] = [];
  let connections = 0;
  const connect: WorkspaceTools["connect"] = async ({ onProgress }) => {
    const how = connects[Math.min(connections, connects.length - 1)] ?? "old";
    connections += 1;
    onProgress("Starting the workspace");
    await Promise.resolve();
    if (how instanceof Error) throw how;
    const connection: WorkspaceConnection = {
      call: (call, options) => {
        calls.push(call);
        const answer =
          answers[Math.min(calls.length, answers.length) - 1] ?? (async () => ({ result: "ok", is_error: false }));
        return answer(call, options);
      },
      lookup: async () => ({ state: "unknown" }),
      cancel: async () => undefined,
      instructions: async () => ({ agentsFile: null, skills: [] }),
      readBytes: async () => ({ problem: "not part of this test" }),
    };
    return { connection, isNew: how === "new" };
  };
  const port = createToolPort(createWorkspaceTools({ chatId: "chat", names: WORKSPACE_TOOLS, connect }));
  return { port, calls, connections: () => connections };
}

const output: string[] = [];
const options = (change: Partial<ToolRunOptions> = {}): ToolRunOptions => ({
  signal: new AbortController().signal,
  adopt: false,
  onOutput: (delta) => output.push(delta),
  ...change,
});
const execute = toolCall("c1", "execute", { command: "ls" });
const readFile = toolCall("c2", "read_file", { path: "a.txt" });
const breaks: Answer = async () => {
  throw new Error("socket closed");
};

test("every tool of the contract has a definition of its own", () => {
  expect(WORKSPACE_TOOL_DEFINITIONS.map(({ name }) => name).sort()).toEqual([...WORKSPACE_TOOLS].sort());
});

test("what only reads has no effects, and a shell is no part of it", () => {
  for (const name of READ_ONLY_TOOLS) {
    expect(WORKSPACE_TOOL_DEFINITIONS.find((tool) => tool.name === name)?.effect).toBe("pure");
  }
  expect(READ_ONLY_TOOLS.filter((name) => /execute|process|write|edit/.test(name))).toEqual([]);
});

test("a call goes to the workspace under the id that its ledger knows", async () => {
  const { port, calls } = workspace({});
  expect(await port.run(execute, options())).toEqual({ result: "ok", is_error: false });
  expect(calls).toEqual([{ callId: "chat/c1", chatId: "chat", tool: "execute", args: { command: "ls" } }]);
});

test.each([
  ["30s", "30s"],
  [30, "30s"],
  ["90", "90s"],
  ["2m", "2m"],
])("a time-out of %o is sent as %s", async (timeout, expected) => {
  const { port, calls } = workspace({});
  await port.run(toolCall("c1", "execute", { command: "ls", timeout }), options());
  expect(calls[0]?.args).toEqual({ command: "ls", timeout: expected });
});

test("calls that start together wait for one connection, and each hears the progress", async () => {
  const { port, connections } = workspace({ connects: ["new"] });
  output.length = 0;
  await Promise.all([port.run(execute, options()), port.run(readFile, options())]);
  expect(connections()).toBe(1);
  await port.run(execute, options());
  expect(connections()).toBe(2);
  expect(output[0]).toBe("Starting the workspace\n");
});

describe("a connection that breaks", () => {
  test("is made anew, and the call is adopted under the same id", async () => {
    const { port, calls } = workspace({ answers: [breaks, async () => ({ result: "adopted", is_error: false })] });
    expect(await port.run(execute, options())).toEqual({ result: "adopted", is_error: false });
    expect(calls.map(({ callId }) => callId)).toEqual(["chat/c1", "chat/c1"]);
  });

  test("for good leaves the outcome of a command unknown", async () => {
    const { port, calls } = workspace({ answers: [breaks] });
    expect(await port.run(execute, options())).toMatchObject({
      is_error: true,
      result: expect.stringMatching(/^Outcome unknown: .*socket closed.*Verify/),
    });
    expect(calls).toHaveLength(3);
  });

  test("for good is a plain error for a call that changes nothing", async () => {
    const { port } = workspace({ answers: [breaks] });
    expect(await port.run(readFile, options())).toMatchObject({
      is_error: true,
      result: expect.stringMatching(/could not be reached, so read_file gave no result: socket closed/),
    });
  });

  test("and comes back as a new workspace does not run the command again", async () => {
    const { port, calls } = workspace({ answers: [breaks], connects: ["old", "new"] });
    expect(await port.run(execute, options())).toMatchObject({ result: expect.stringMatching(/^Outcome unknown/) });
    expect(calls).toHaveLength(1);
  });
});

describe("a workspace that cannot be reached", () => {
  const connects = [new Error("bubblewrap is missing")];

  test("is a plain error for a call that cannot have started", async () => {
    const { port } = workspace({ connects });
    expect(await port.run(execute, options())).toEqual({
      result: "The workspace could not be reached, so execute gave no result: bubblewrap is missing",
      is_error: true,
    });
  });

  test("leaves the outcome of a command unknown that another runner may have started", async () => {
    const { port } = workspace({ connects });
    expect(await port.run(execute, options({ adopt: true }))).toMatchObject({
      result: expect.stringMatching(/^Outcome unknown/),
    });
    expect(await port.run(readFile, options({ adopt: true }))).toMatchObject({
      result: expect.stringMatching(/could not be reached/),
    });
  });
});

describe("a call that another runner may have started", () => {
  test("is asked for under its id, for the ledger to adopt", async () => {
    const { port, calls } = workspace({});
    await port.run(execute, options({ adopt: true }));
    expect(calls[0]?.callId).toBe("chat/c1");
  });

  test("is not run in a workspace that was made since, unless doing it twice is harmless", async () => {
    const { port, calls } = workspace({ connects: ["new"] });
    expect(await port.run(execute, options({ adopt: true }))).toMatchObject({ is_error: true });
    expect(await port.run(readFile, options({ adopt: true }))).toMatchObject({ is_error: false });
    expect(calls.map(({ tool }) => tool)).toEqual(["read_file"]);
  });
});

test("stopping rejects with the reason and does not connect again", async () => {
  const stop = new AbortController();
  const stopped: Answer = async () => {
    stop.abort("interrupt");
    throw new Error("stopped waiting");
  };
  const { port, connections } = workspace({ answers: [stopped] });
  await expect(port.run(execute, options({ signal: stop.signal }))).rejects.toBe("interrupt");
  expect(connections()).toBe(1);
});
