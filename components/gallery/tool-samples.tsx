"use client";

import type { ToolRow } from "../chat/timeline-rows";
import type { ChatPhase } from "../chat/tools/tool-call";
import { ReadsRowView, ToolRowView } from "../chat/tools/tool-row";
import { Sample, SampleSection } from "./sample";

type ToolSample = { tool: string; args: unknown; result: unknown };

const DIFF = [
  "--- a/src/deliver.ts",
  "+++ b/src/deliver.ts",
  "@@ -12,4 +12,5 @@ export async function deliver(hook: Hook) {",
  "   const body = sign(hook);",
  "-  return post(hook.url, body);",
  "+  const wait = fullJitter(attempt);",
  "+  return retry(() => post(hook.url, body), { wait });",
  " }",
].join("\n");
const FILE = { path: "src/deliver.ts", diff: DIFF, additions: 2, deletions: 1 };
const QUESTIONS = {
  questions: [
    {
      header: "Storage",
      question: "Where should sessions live?",
      options: [
        { label: "Database", description: "Survives restarts" },
        { label: "Cookie", description: "Nothing to store" },
      ],
    },
  ],
};
const ANSWERS = { answers: [{ question: "Where should sessions live?", answer: "Database" }] };
const PROCESSES = [
  { process_id: "p1", command: "npm run dev", status: "running" },
  { process_id: "p2", command: "npm run build", status: "exited", exit_code: 1 },
];
const SOURCES = [{ url: "https://www.rfc-editor.org/rfc/rfc9110", title: "HTTP Semantics" }];
const TEMPLATES = [{ id: "t1", name: "Node 24 and Postgres", description: "What most services need" }];
const AGENTS = [{ chat_id: "c1", title: "Compare retry schedules", status: "running", doing: "Reading" }];

/** What each tool is asked and answers; a tool of another server is drawn by the generic card. */
const TOOL_SAMPLES: readonly ToolSample[] = [
  {
    tool: "execute",
    args: { command: "npm test -- deliver" },
    result: { output: "PASS  deliver.test.ts (6)\n\u001b[32m6 passed\u001b[0m", exit_code: 0, wall_duration_ms: 4_200 },
  },
  {
    tool: "process_output",
    args: { process_id: "p1" },
    result: { output: "listening on 5173", status: "running" },
  },
  { tool: "process_list", args: {}, result: { processes: PROCESSES } },
  { tool: "process_signal", args: { process_id: "p1", signal: "terminate" }, result: { success: true } },
  { tool: "write_file", args: { path: "src/jitter.ts" }, result: { ...FILE, path: "src/jitter.ts", created: true } },
  { tool: "edit_files", args: { edits: [{ path: "src/deliver.ts" }] }, result: { files: [FILE] } },
  {
    tool: "attach_file",
    args: { path: "report.csv" },
    result: { file_id: "f1", name: "report.csv", size_bytes: 48_000 },
  },
  {
    tool: "spawn_agent",
    args: { type: "explore", title: "Find every caller of deliverOnce", prompt: "List the callers." },
    result: { chat_id: "c1" },
  },
  {
    tool: "spawn_computer_use_agent",
    args: { title: "Check the checkout in a browser", prompt: "Buy one ticket." },
    result: { chat_id: "c2" },
  },
  {
    tool: "wait_agent",
    args: { chat_id: "c1" },
    result: { chat_id: "c1", status: "completed", report: "Four callers." },
  },
  { tool: "message_agent", args: { chat_id: "c1", message: "Look at the tests too." }, result: { chat_id: "c1" } },
  { tool: "interrupt_agent", args: { chat_id: "c1" }, result: { chat_id: "c1", status: "interrupted" } },
  { tool: "list_agents", args: {}, result: { agents: AGENTS } },
  { tool: "propose_plan", args: { plan: "# Sessions\n\n1. One table\n2. One test" }, result: { approved: true } },
  { tool: "ask_user_question", args: QUESTIONS, result: ANSWERS },
  { tool: "list_templates", args: {}, result: { templates: TEMPLATES } },
  {
    tool: "create_workspace",
    args: { repository: "https://x.example/a/b" },
    result: { name: "ferry-api", log: "Cloned." },
  },
  { tool: "start_workspace", args: {}, result: { name: "ferry-api" } },
  { tool: "stop_workspace", args: {}, result: { name: "ferry-api" } },
  { tool: "list_files", args: { path: "src" }, result: { output: "src/deliver.ts\nsrc/jitter.ts" } },
  {
    tool: "search_files",
    args: { pattern: "deliverOnce", glob: "*.ts" },
    result: { output: "src/a.ts:3: deliverOnce()" },
  },
  { tool: "read_skill", args: { name: "review" }, result: { content: "Read the diff twice." } },
  { tool: "web_search", args: { query: "retry-after semantics" }, result: { sources: SOURCES } },
  { tool: "tracker__create_issue", args: { title: "Flaky delivery" }, result: { number: 412 } },
];

const ERROR = "The workspace did not answer within 30 s. Start it again, then repeat the call.";

const STATES = {
  running: { phase: "active", result: () => undefined },
  done: { phase: "idle", result: (value: unknown) => ({ value, isError: false, durationMs: 4_200 }) },
  failed: { phase: "idle", result: () => ({ value: ERROR, isError: true, durationMs: 30_000 }) },
  lost: { phase: "idle", result: () => undefined },
} satisfies Record<string, { phase: ChatPhase; result: (value: unknown) => ToolRow["result"] }>;

function sampleRow({ tool, args, result }: ToolSample, state: keyof typeof STATES): ToolRow {
  return {
    kind: "tool",
    key: `${tool}/${state}`,
    toolCallId: `${tool}/${state}`,
    toolName: tool,
    args,
    result: STATES[state].result(result),
    isNewest: true,
  };
}

const READS = ["src/deliver.ts", "src/jitter.ts"].map((path) =>
  sampleRow(
    {
      tool: "read_file",
      args: { path },
      result: { path, content: "export {};", start_line: 1, end_line: 1, total_lines: 1 },
    },
    "done",
  ),
);
const QUESTION: ToolSample = { tool: "ask_user_question", args: QUESTIONS, result: undefined };
const NO_RESULTS = new Map();

/** The card of every tool while it runs, done, failed, and without a result that is known. */
export function ToolSamples() {
  return (
    <SampleSection title="Tools">
      {TOOL_SAMPLES.flatMap((sample) =>
        (Object.keys(STATES) as (keyof typeof STATES)[]).map((state) => (
          <Sample key={`${sample.tool}/${state}`} name={`${sample.tool}, ${state}`}>
            <ToolRowView row={sampleRow(sample, state)} live={undefined} phase={STATES[state].phase} />
          </Sample>
        )),
      )}
      <Sample name="read_file, two in a row">
        <ReadsRowView calls={READS} liveResults={NO_RESULTS} phase="idle" />
      </Sample>
      <Sample name="ask_user_question, waiting">
        <ToolRowView row={sampleRow(QUESTION, "running")} live={undefined} phase="paused" />
      </Sample>
    </SampleSection>
  );
}
