import { describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "@/lib/agent/loop";
import type { PromptMessage, ToolCall, ToolRunOptions } from "@/lib/agent/types";
import { questionsSchema } from "@/lib/contract/tools";
import type { ToolOutcome } from "@/lib/contract/workspace-agent";
import { failure, says, startTurn, toolCall, USAGE } from "@/tests/support/scripted-turn";

const names = (log: unknown[][]) => log.map(([name]) => name);

/** A tool whose calls end when the test says so. */
function heldTool() {
  const running = new Map<string, { end: (outcome?: ToolOutcome) => void; options: ToolRunOptions }>();
  const run = (call: { tool_call_id: string }, options: ToolRunOptions) =>
    new Promise<ToolOutcome>((resolve) => {
      const end = (outcome: ToolOutcome = { result: call.tool_call_id, is_error: false }) => resolve(outcome);
      running.set(call.tool_call_id, { end, options });
    });
  return { run, running };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

describe("a turn", () => {
  test("an answer without calls is committed with the end of the turn", async () => {
    const turn = startTurn({ model: [says.text("hi")] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(turn.log).toEqual([
      ["load"],
      ["beginAttempt"],
      ["finishTurn", { parts: [{ type: "text", text: "hi" }], usage: USAGE, finishReason: "stop" }],
    ]);
    expect(turn.emitted).toEqual([["assistant", { type: "text", delta: "hi" }]]);
  });

  test("an answer whose usage the provider did not report has unknown usage, not none", async () => {
    const parts = [{ type: "text" as const, text: "hi" }];
    const turn = startTurn({ model: [[{ type: "finish", parts, finishReason: "stop", usage: null }]] });
    await turn.ended;
    const unknown = { input_tokens: null, output_tokens: null, cache_read_tokens: null };
    expect(turn.log.at(-1)).toMatchObject(["finishTurn", { parts, usage: unknown }]);
  });

  test("the answer is committed before a call runs, the results before the next step", async () => {
    const order: string[] = [];
    const turn = startTurn({
      model: [says.calls(toolCall("a")), says.text("done")],
      tool: async () => {
        order.push("run");
        return { result: "ok", is_error: false };
      },
      before: (what) => order.push(what),
    });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(order).toEqual([
      ...["load", "beginAttempt", "commitAnswer", "run", "commitResults"],
      ...["load", "beginAttempt", "finishTurn"],
    ]);
    expect(turn.requests[1]?.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  });

  test("all calls of a step run at once, are published as they end and committed in call order", async () => {
    const { run, running } = heldTool();
    const turn = startTurn({
      model: [says.calls(toolCall("a"), toolCall("b"), toolCall("c")), says.text("done")],
      tool: run,
    });
    await expect.poll(() => running.size).toBe(3);
    for (const id of ["c", "a", "b"]) {
      running.get(id)!.end();
      await settled();
    }
    await turn.ended;
    const published = turn.emitted.flatMap(([role, part]) =>
      role === "tool" && "tool_call_id" in part ? [part.tool_call_id] : [],
    );
    expect(published).toEqual(["c", "a", "b"]);
    expect(turn.log.find(([name]) => name === "commitResults")).toEqual([
      "commitResults",
      ["a", "b", "c"].map((id) => ({ tool_call_id: id, result: id, is_error: false })),
    ]);
  });

  test("live output of a tool is published until its result is", async () => {
    const { run, running } = heldTool();
    const turn = startTurn({ model: [says.calls(toolCall("a")), says.text("done")], tool: run });
    await expect.poll(() => running.size).toBe(1);
    const { options, end } = running.get("a")!;
    options.onOutput("line 1\n");
    end({ result: "all", is_error: true, duration_ms: 12 });
    await turn.ended;
    options.onOutput("too late");
    const result = { type: "tool-result", tool_call_id: "a", tool_name: "work" };
    expect(turn.emitted.filter(([role]) => role === "tool")).toEqual([
      ["tool", { ...result, result_delta: "line 1\n" }],
      ["tool", { ...result, result: "all", is_error: true, duration_ms: 12 }],
    ]);
  });

  test("a tool that throws becomes an error result and the others go on", async () => {
    const turn = startTurn({
      model: [says.calls(toolCall("a"), toolCall("b")), says.text("done")],
      tool: async ({ tool_call_id }) => {
        if (tool_call_id === "a") throw new Error("no disk");
        return { result: "fine", is_error: false };
      },
    });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(turn.log.find(([name]) => name === "commitResults")?.[1]).toEqual([
      { tool_call_id: "a", result: "The tool failed: no disk", is_error: true },
      { tool_call_id: "b", result: "fine", is_error: false },
    ]);
  });

  test("the step limit ends the turn with an error that says so, steps of earlier runners counted", async () => {
    const model = Array.from({ length: 5 }, (_, index) => says.calls(toolCall(`c${index}`)));
    const limits = { ...DEFAULT_LIMITS, maxSteps: 5 };
    const turn = startTurn({ model, limits, input: { turnSteps: 2 } });
    expect(await turn.ended).toMatchObject({
      outcome: "failed",
      error: { kind: "turn_limit", message: expect.stringContaining("5 steps"), retryable: false },
    });
    expect(turn.requests).toHaveLength(3);
  });

  describe("that goes in circles", () => {
    const same = (id: string): PromptMessage[] => [
      { role: "assistant", parts: [toolCall(id, "execute", { command: "make" })] },
      {
        role: "tool",
        parts: [{ type: "tool-result", tool_call_id: id, tool_name: "execute", result: "error 2", is_error: false }],
      },
    ];
    const circle = ["a", "b", "c", "d", "e"].flatMap(same);
    const messages: PromptMessage[] = [{ role: "user", parts: [{ type: "text", text: "go" }] }, ...circle];

    test("asks its person, in the model's place and without another call of it", async () => {
      const pauseFor = (call: ToolCall) => (call.tool_name === "ask_user_question" ? "question" : null);
      const turn = startTurn({ model: [], messages, pauseFor });
      expect(await turn.ended).toEqual({ outcome: "stopped" });
      expect(turn.requests).toEqual([]);
      const asked = turn.log.find(([name]) => name === "commitAnswer")?.[1] as { parts: ToolCall[]; usage: unknown };
      expect(asked.usage).toBeNull();
      expect(JSON.stringify(questionsSchema.parse(asked.parts[0]?.args))).toContain("execute");
    });

    test("fails where nobody can be asked", async () => {
      const turn = startTurn({ model: [], messages });
      expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "loop" } });
    });
  });

  test("a turn that has worked for too long ends between steps with an error that says so", async () => {
    const turn = startTurn({ model: [], input: { turnRuntimeMs: DEFAULT_LIMITS.maxRuntimeMs } });
    expect(await turn.ended).toMatchObject({
      outcome: "failed",
      error: { kind: "turn_limit", message: expect.stringContaining("8 hours") },
    });
  });

  test("a store that wants no next step stops the turn between steps", async () => {
    const turn = startTurn({ model: [says.calls(toolCall("a"))], stopAfterResults: true });
    expect(await turn.ended).toEqual({ outcome: "stopped" });
    expect(names(turn.log)).not.toContain("finishTurn");
  });

  test("an answer that the provider withheld fails the turn, what it said is kept", async () => {
    const parts = [{ type: "text" as const, text: "I" }];
    const turn = startTurn({ model: [[{ type: "finish", parts, finishReason: "content_filter", usage: USAGE }]] });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "content_filter" } });
    expect(names(turn.log)).toEqual(["load", "beginAttempt", "commitAnswer", "fail"]);
  });

  test("an empty answer that was withheld is only paid for", async () => {
    const turn = startTurn({ model: [[{ type: "finish", parts: [], finishReason: "content_filter", usage: USAGE }]] });
    await turn.ended;
    expect(turn.log.at(-1)).toEqual(["fail", { kind: "content_filter", usage: USAGE }]);
  });
});

describe("taking over", () => {
  test("unanswered calls are adopted first, the model is not asked again", async () => {
    const adopted: boolean[] = [];
    const calls = [toolCall("a"), toolCall("b")];
    const turn = startTurn({
      model: [says.text("done")],
      messages: [
        { role: "user", parts: [{ type: "text", text: "go" }] },
        { role: "assistant", parts: calls },
      ],
      unansweredCalls: calls,
      tool: async (call, { adopt }) => {
        adopted.push(adopt);
        return { result: call.tool_call_id, is_error: false };
      },
    });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(adopted).toEqual([true, true]);
    expect(names(turn.log)).toEqual(["load", "commitResults", "load", "beginAttempt", "finishTurn"]);
  });

  test("calls of an answer of this runner are not adopted", async () => {
    const adopted: boolean[] = [];
    const turn = startTurn({
      model: [says.calls(toolCall("a")), says.text("done")],
      tool: async (_, { adopt }) => {
        adopted.push(adopt);
        return { result: "", is_error: false };
      },
    });
    await turn.ended;
    expect(adopted).toEqual([false]);
  });

  test("a committed answer without calls is not asked for again", async () => {
    const turn = startTurn({
      model: [],
      messages: [
        { role: "user", parts: [{ type: "text", text: "go" }] },
        { role: "assistant", parts: [{ type: "text", text: "done" }] },
      ],
    });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(names(turn.log)).toEqual(["load", "finishTurn"]);
  });

  test("failed attempts of earlier runners count", async () => {
    const turn = startTurn({ model: [says.fails()], failedAttempts: 24 });
    expect(await turn.ended).toMatchObject({ outcome: "failed" });
    expect(names(turn.log)).toEqual(["load", "beginAttempt", "fail"]);
  });
});

describe("retries", () => {
  test("a failed attempt waits, twice as long each time, and leaves only its record", async () => {
    const partial = [{ type: "text" as const, text: "par" }];
    const turn = startTurn({ model: [says.fails(), says.fails(failure(), partial), says.text("hi")] });
    expect(await turn.clock.sleeping()).toBe(500);
    await turn.clock.advance(500);
    expect(await turn.clock.sleeping()).toBe(1_000);
    await turn.clock.advance(1_000);
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(turn.log).toEqual([
      ["load"],
      ["beginAttempt"],
      ["recordAttempt", { attempt: 1, kind: "overloaded", delayMs: 500, retryingAt: 1_000_500, usage: USAGE }],
      ["beginAttempt"],
      [
        "recordAttempt",
        { attempt: 2, kind: "overloaded", delayMs: 1_000, retryingAt: 1_001_500, usage: USAGE, said: partial },
      ],
      ["beginAttempt", partial],
      ["finishTurn", { parts: [{ type: "text", text: "hi" }], usage: USAGE, finishReason: "stop" }],
    ]);
  });

  test("a partial tool call of a failed attempt never runs", async () => {
    let runs = 0;
    const turn = startTurn({
      model: [says.fails(failure(), [toolCall("cut", "work", '{"command":')]), says.text("hi")],
      tool: async () => {
        runs += 1;
        return { result: "", is_error: false };
      },
    });
    await turn.clock.sleeping();
    await turn.clock.advance(60_000);
    await turn.ended;
    expect(runs).toBe(0);
  });

  test("a committed step starts the count anew", async () => {
    const turn = startTurn({
      model: [says.fails(), says.calls(toolCall("a")), says.fails(), says.text("hi")],
      random: () => 0.999,
    });
    await turn.clock.sleeping();
    await turn.clock.advance(999);
    expect(await turn.clock.sleeping()).toBe(999);
    await turn.clock.advance(999);
    expect(await turn.ended).toEqual({ outcome: "finished" });
  });

  test("a failure that cannot be retried ends the turn at once, with what it cost", async () => {
    const turn = startTurn({ model: [says.fails(failure({ kind: "auth", retryable: false }))] });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "auth" } });
    expect(turn.log).toEqual([["load"], ["beginAttempt"], ["fail", { kind: "auth", usage: USAGE }]]);
  });
});

describe("being stopped", () => {
  test("while the model answers: what it had produced and cost comes back, nothing is committed", async () => {
    const parts = [{ type: "text" as const, text: "par" }];
    const turn = startTurn({
      model: [
        async function* (signal) {
          yield { type: "part", part: { type: "text", delta: "par" } };
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          yield { type: "part", part: { type: "text", delta: "late" } };
          yield { type: "aborted", parts, usage: USAGE };
        },
      ],
    });
    await expect.poll(() => turn.emitted.length).toBe(1);
    turn.stop.abort("interrupt");
    expect(await turn.ended).toEqual({
      outcome: "aborted",
      reason: "interrupt",
      partial: { parts, usage: USAGE },
      results: [],
    });
    expect(turn.emitted).toHaveLength(1);
    expect(names(turn.log)).toEqual(["load", "beginAttempt"]);
  });

  test("when the answer is whole but not yet committed: it comes back as what was produced", async () => {
    const turn = startTurn({
      model: [
        async function* () {
          yield { type: "part", part: { type: "text", delta: "hi" } };
          turn.stop.abort("interrupt");
          yield* says.text("hi").slice(1);
        },
      ],
    });
    expect(await turn.ended).toMatchObject({ outcome: "aborted", partial: { parts: [{ text: "hi" }], usage: USAGE } });
    expect(names(turn.log)).not.toContain("commitAnswer");
  });

  test("while tools run: ended calls keep their results, the rest is not waited for", async () => {
    const { run, running } = heldTool();
    const turn = startTurn({ model: [says.calls(toolCall("a"), toolCall("b"), toolCall("c"))], tool: run });
    await expect.poll(() => running.size).toBe(3);
    running.get("b")!.end();
    await settled();
    turn.stop.abort("shutdown");
    expect(await turn.ended).toMatchObject({
      outcome: "aborted",
      reason: "shutdown",
      partial: null,
      results: [{ tool_call_id: "b", result: "b" }],
    });
    running.get("a")!.end();
    await settled();
    expect(turn.emitted.filter(([role]) => role === "tool")).toHaveLength(1);
    expect(names(turn.log)).toEqual(["load", "beginAttempt", "commitAnswer"]);
  });

  test("while waiting for a retry", async () => {
    const turn = startTurn({ model: [says.fails()] });
    await turn.clock.sleeping();
    turn.stop.abort("lost_lease");
    expect(await turn.ended).toEqual({ outcome: "aborted", reason: "lost_lease", partial: null, results: [] });
  });

  test("between steps", async () => {
    const turn = startTurn({
      model: [says.calls(toolCall("a"))],
      before: (what) => {
        if (what === "commitResults") turn.stop.abort("time_out");
      },
    });
    expect(await turn.ended).toMatchObject({ outcome: "aborted", reason: "time_out" });
    expect(turn.requests).toHaveLength(1);
  });

  test("a reason that nobody knows counts as a shutdown", async () => {
    const turn = startTurn({ model: [says.fails()] });
    await turn.clock.sleeping();
    turn.stop.abort(new Error("what?"));
    expect(await turn.ended).toMatchObject({ reason: "shutdown" });
  });

  test.each(["load", "beginAttempt", "commitAnswer", "commitResults", "finishTurn"])(
    "a store that lost its lease at %s is let through and asked nothing more",
    async (where) => {
      const lost = new Error("lost lease");
      const turn = startTurn({
        model: [says.calls(toolCall("a")), says.text("done")],
        before: (what) => {
          if (what === where) throw lost;
        },
      });
      await expect(turn.ended).rejects.toBe(lost);
      const asked = turn.log.length;
      await settled();
      expect(turn.log).toHaveLength(asked);
    },
  );
});
