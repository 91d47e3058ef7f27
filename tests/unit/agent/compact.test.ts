import { describe, expect, test } from "vitest";
import type { ModelEvent } from "@/tests/support/model-events";
import { failure, says, startTurn, toolCall, USAGE } from "@/tests/support/scripted-turn";

const names = (log: unknown[][]) => log.map(([name]) => name);
const compactions = (log: unknown[][]) => log.flatMap(([name, what]) => (name === "commitCompaction" ? [what] : []));
/** An answer after which the prompt holds this many tokens. */
const full = (events: ModelEvent[], tokens: number): ModelEvent[] =>
  events.map((event) => (event.type === "finish" ? { ...event, usage: { ...USAGE, input_tokens: tokens } } : event));
const fullCall = (id: string, tokens = 150_000) => full(says.calls(toolCall(id, "work", { id })), tokens);
const overflow = () => says.fails(failure({ kind: "context_overflow", retryable: false, status_code: 400 }));

describe("a turn whose context is full", () => {
  test("goes on from a summary between two steps, after the results were committed", async () => {
    const turn = startTurn({ model: [fullCall("a"), says.text("All so far."), says.text("done")] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(names(turn.log)).toEqual([
      ...["load", "beginAttempt", "commitAnswer", "commitResults"],
      ...["load", "beginAttempt", "commitCompaction"],
      ...["load", "beginAttempt", "finishTurn"],
    ]);
    expect(compactions(turn.log)).toEqual([
      { summary: "All so far.", source: "automatic", tokens: expect.any(Number), isTurnOver: false },
    ]);
    const [, asked, next] = turn.requests;
    expect(asked?.messages.slice(0, 3)).toMatchObject([{ role: "user" }, { role: "assistant" }, { role: "tool" }]);
    expect(asked?.messages).toHaveLength(4);
    expect(next?.messages).toMatchObject([{ role: "user", isSummary: true }]);
  });

  test("shows the summary while it is written, under one call id", async () => {
    const turn = startTurn({ model: [fullCall("a"), says.text("All so far."), says.text("done")] });
    await turn.ended;
    expect(turn.emitted.filter(([, part]) => "tool_name" in part && part.tool_name === "chat_summarized")).toEqual([
      [
        "assistant",
        { type: "tool-call", tool_call_id: "summary", tool_name: "chat_summarized", args: { source: "automatic" } },
      ],
      [
        "tool",
        { type: "tool-result", tool_call_id: "summary", tool_name: "chat_summarized", result_delta: "All so far." },
      ],
    ]);
  });

  test("is compacted at its end, in one commit with the end", async () => {
    const turn = startTurn({ model: [full(says.text("answer"), 150_000), says.text("All of it.")] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(compactions(turn.log)).toMatchObject([{ isTurnOver: true }]);
    expect(names(turn.log)).not.toContain("finishTurn");
  });

  test("does not fail at its end because there is no summary", async () => {
    const refused = says.fails(failure({ kind: "auth", retryable: false }));
    const turn = startTurn({ model: [full(says.text("answer"), 150_000), refused] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(names(turn.log).at(-1)).toBe("finishTurn");
  });

  test("ends in an error after three compactions in a row that did not help, never in a loop", async () => {
    const model = [...["a", "b", "c"].flatMap((id) => [fullCall(id), says.text(`S${id}`)]), fullCall("d")];
    const turn = startTurn({ model });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "context_overflow" } });
    expect(compactions(turn.log)).toHaveLength(3);
  });

  test("may be compacted any number of times while steps in between fit", async () => {
    const rounds = Array.from({ length: 6 }, (_, n) => [
      fullCall(`a${n}`, 1_000),
      fullCall(`b${n}`),
      says.text(`S${n}`),
    ]);
    const turn = startTurn({ model: [...rounds.flat(), says.text("done")] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(compactions(turn.log)).toHaveLength(6);
  });
});

describe("a prompt that the provider refuses as too long", () => {
  test("is compacted from a transcript without tools, and the step is tried again", async () => {
    const turn = startTurn({ model: [fullCall("a", 10), overflow(), says.text("Short."), says.text("done")] });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(compactions(turn.log)).toMatchObject([{ summary: "Short.", source: "automatic" }]);
    expect(turn.requests[2]?.messages).toHaveLength(1);
    expect(turn.requests[2]?.tools).toEqual([]);
  });

  test("ends in its error when it is refused again", async () => {
    const turn = startTurn({ model: [fullCall("a", 10), overflow(), says.text("Short."), overflow()] });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "context_overflow" } });
    expect(compactions(turn.log)).toHaveLength(1);
  });

  test("ends in its error when there is nothing to summarise", async () => {
    const turn = startTurn({ model: [overflow()] });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "context_overflow" } });
    expect(turn.requests).toHaveLength(1);
  });

  test("of a summary is asked again with ever less of the conversation", async () => {
    const long = Array.from({ length: 40 }, (_, n) => ({
      role: "assistant" as const,
      parts: [{ type: "text" as const, text: `${n} ${"x".repeat(1_900)}` }],
    }));
    const messages = [
      { role: "user" as const, parts: [{ type: "text" as const, text: "go" }] },
      ...long,
      { role: "user" as const, parts: [{ type: "text" as const, text: "and" }] },
    ];
    const model = [overflow(), overflow(), overflow(), says.text("Short."), says.text("done")];
    const turn = startTurn({ model, messages, context: { limitTokens: 24_000, thresholdPercent: 100 } });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    const lengths = turn.requests.slice(1, 4).map((request) => JSON.stringify(request.messages).length);
    expect(lengths[1]).toBeLessThan(lengths[0]!);
    expect(lengths[2]).toBeLessThan(lengths[1]!);
  });
});

describe("a summary", () => {
  test("that fails is tried again and recorded as what it is", async () => {
    const turn = startTurn({ model: [fullCall("a"), says.fails(), says.text("S."), says.text("done")] });
    await turn.clock.sleeping();
    await turn.clock.advance(1_000);
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(turn.log.find(([name]) => name === "recordAttempt")?.[1]).toMatchObject({
      attempt: 1,
      purpose: "compaction",
    });
  });

  test("that stays empty ends the turn in an error and replaces nothing", async () => {
    const turn = startTurn({ model: [fullCall("a"), ...[1, 2, 3].map(() => says.text(" \n"))] });
    expect(await turn.ended).toMatchObject({
      outcome: "failed",
      error: { message: expect.stringContaining("no summary") },
    });
    expect(compactions(turn.log)).toEqual([]);
  });

  test("longer than its share of the window is cut, and the turn goes on", async () => {
    const turn = startTurn({
      model: [fullCall("a", 9_000), says.text("x".repeat(100_000)), says.text("done")],
      context: { limitTokens: 10_000, thresholdPercent: 70 },
    });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(turn.requests[2]?.messages[0]?.parts[0]).toMatchObject({ text: expect.stringContaining("cut here") });
  });

  test("that is stopped leaves nothing but what it cost", async () => {
    const turn = startTurn({
      model: [
        fullCall("a"),
        async function* () {
          turn.stop.abort("interrupt");
          yield { type: "aborted", parts: [{ type: "text", text: "half" }], usage: USAGE } as const;
        },
      ],
    });
    expect(await turn.ended).toMatchObject({
      outcome: "aborted",
      reason: "interrupt",
      partial: { parts: [], usage: USAGE },
    });
    expect(compactions(turn.log)).toEqual([]);
  });
});

describe("a compaction that a person asked for", () => {
  const messages = [
    { role: "user" as const, parts: [{ type: "text" as const, text: "go" }] },
    { role: "assistant" as const, parts: [{ type: "text" as const, text: "done" }] },
  ];

  test("is made below the threshold too, and no step follows", async () => {
    const turn = startTurn({ model: [says.text("S.")], messages, input: { isCompactionRequested: true } });
    expect(await turn.ended).toEqual({ outcome: "finished" });
    expect(compactions(turn.log)).toMatchObject([{ source: "manual", isTurnOver: true }]);
    expect(turn.requests).toHaveLength(1);
  });

  test("fails with the provider's reason", async () => {
    const refused = says.fails(failure({ kind: "auth", retryable: false }));
    const turn = startTurn({ model: [refused], messages, input: { isCompactionRequested: true } });
    expect(await turn.ended).toMatchObject({ outcome: "failed", error: { kind: "auth" } });
  });
});
