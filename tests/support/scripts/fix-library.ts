/** An agent that repairs a broken library, as a script: it looks, runs the tests, edits, runs them again and reports. */
import { type AnswerReply, type ReplyUsage, reply, type ToolCallReply } from "../model-reply";
import type { ModelServerRequest, SeenMessage } from "../model-request";
import type { Script } from "../model-script";

export type BrokenLibrary = {
  /** Runs the library's tests; its exit code tells red from green. */
  testCommand: string;
  /** Relative to the workspace directory. */
  brokenFile: string;
  edits: { path: string; old_text: string; new_text: string }[];
  /** What was wrong, a sentence for the report. */
  cause: string;
};

/**
 * One step an answer; looks at what its calls really gave. A call whose outcome is unknown is made again, a result
 * that does not fit ends the turn with words that say so.
 */
export function fixLibrary(library: BrokenLibrary): Script {
  const steps = [look, runTests, readBroken, edit, runTestsAgain, report];
  return (request) => {
    const turn = request.messages.slice(request.messages.findLastIndex(isPrompt) + 1);
    const answers = turn.filter(({ role }) => role === "assistant").length;
    const step = steps[answers - countUnknown(turn)] ?? report;
    return step(library, request);
  };
}

type Step = (library: BrokenLibrary, request: ModelServerRequest) => AnswerReply;

const look: Step = () =>
  answer({
    thinking: "I do not know this project yet. First what is there, how it is tested, and what changed last.",
    text: "I'll look at the project first.",
    calls: [
      { name: "read_file", args: { path: "package.json" } },
      { name: "execute", args: { command: "git log --oneline -5 && git status --short && ls" } },
    ],
  });

const runTests: Step = ({ testCommand }) =>
  answer({
    text: "Now its tests, to see what fails.",
    calls: [{ name: "execute", args: { command: testCommand, timeout: "2m" } }],
  });

const readBroken: Step = ({ brokenFile }, request) =>
  exitCodeOf(request) === 0
    ? reply.text("The tests pass already: there is nothing to fix.")
    : answer({
        thinking: `The failures point at ${brokenFile}.`,
        text: `The tests fail, and they point at \`${brokenFile}\`. I'll read it.`,
        calls: [{ name: "read_file", args: { path: brokenFile } }],
      });

const edit: Step = ({ edits, cause }) =>
  answer({
    thinking: `${cause} The fix belongs there and nowhere else.`,
    text: `Found it: ${cause}`,
    calls: [{ name: "edit_files", args: { edits } }],
  });

const runTestsAgain: Step = ({ testCommand }, request) =>
  request.toolResults.some(({ isError }) => isError)
    ? reply.text(`The edit was refused: ${request.toolResults[0]?.text}`)
    : answer({
        text: "And the tests again.",
        calls: [
          { name: "execute", args: { command: testCommand, timeout: "2m" } },
          { name: "execute", args: { command: "git --no-pager diff --stat" } },
        ],
      });

const report: Step = ({ cause, edits, testCommand }, request) =>
  exitCodeOf(request) === 0
    ? reply.text(
        `Fixed. ${cause}\n\n${[...new Set(edits.map(({ path }) => `- \`${path}\``))].join("\n")}\n\n\`${testCommand}\` passes now.`,
        { usage: usageOf(request) },
      )
    : reply.text("The tests still fail, so this is not fixed yet.", { usage: usageOf(request) });

type Said = { thinking?: string; text: string; calls: ToolCallReply[] };

const answer = ({ thinking, text, calls }: Said): AnswerReply =>
  reply.answer(
    [
      ...(thinking === undefined ? [] : [{ type: "reasoning" as const, chunks: thinking }]),
      { type: "text", chunks: text },
      ...calls.map((call) => ({ type: "tool_call" as const, ...call })),
    ],
    { usage: { input: 900, output: 120, reasoning: thinking ? 40 : 0, cacheRead: 2_000 } },
  );

/** About what a real provider counts for a prompt of this length, most of it from the cache. */
function usageOf({ body }: ModelServerRequest): ReplyUsage {
  const tokens = Math.ceil(JSON.stringify(body).length / 4);
  return { input: Math.ceil(tokens / 10), cacheRead: Math.floor((tokens * 9) / 10), output: 150 };
}

/** Of the first result; undefined when it has none. */
function exitCodeOf({ toolResults }: ModelServerRequest): number | undefined {
  const code = /"exit_code":\s*(-?\d+)/.exec(toolResults[0]?.text ?? "")?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Answers with a call whose outcome is unknown: they did not get anywhere. */
const countUnknown = (turn: SeenMessage[]): number =>
  groupByAnswer(turn).filter((results) => results.some(({ text }) => text.startsWith("Outcome unknown"))).length;

function groupByAnswer(turn: SeenMessage[]): SeenMessage["toolResults"][] {
  const groups: SeenMessage["toolResults"][] = [];
  for (const { role, toolResults } of turn) {
    if (role === "assistant") groups.push([]);
    groups.at(-1)?.push(...toolResults);
  }
  return groups;
}

const isPrompt = ({ role, toolResults }: SeenMessage): boolean => role === "user" && toolResults.length === 0;
