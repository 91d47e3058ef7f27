/** The agents of the development data set, as plain values. Writes nothing: `seed.ts` does. */
import type { ChatError, ChatStatus, PauseReason } from "@/lib/contract/chats";
import type { MessageRole, MessageVisibility, StoredPart } from "@/lib/contract/messages";

export type SeedMessage = {
  role: MessageRole;
  parts: StoredPart[];
  visibility?: MessageVisibility;
  compressed?: boolean;
  /** Tokens in and out; the cache is derived from them. Assistant rows only. */
  tokens?: [input: number, output: number];
};

export type SeedPullRequest = {
  state: "open" | "closed" | "merged" | null;
  draft?: boolean;
  title?: string;
  number?: number;
  branch: string;
  additions: number;
  deletions: number;
  files: number;
  approved?: boolean;
  changesRequested?: boolean;
};

export type SeedChat = {
  /** When other chats name it. */
  id?: string;
  title: string;
  status: ChatStatus;
  pauseReason?: PauseReason;
  /** Age of the last turn. */
  minutes: number;
  model?: "priced" | "unpriced";
  pinOrder?: number;
  archived?: boolean;
  unread?: boolean;
  summary?: string;
  error?: ChatError;
  labels?: Record<string, string>;
  repository?: string;
  pullRequest?: SeedPullRequest;
  messages: SeedMessage[];
  children?: SeedChat[];
  /** Of a subagent: what it is for and how long it may take. */
  agent?: { type: "general" | "explore"; deadlineSeconds: number };
};

const HOUR = 60;
const DAY = 24 * HOUR;
const PARSER = "https://github.com/example/ini-parser.git";
const SHOP = "https://github.com/example/shop.git";

export const person = (text: string, ...parts: StoredPart[]): SeedMessage => ({
  role: "user",
  parts: [{ type: "text", text }, ...parts],
});
export const says = (text: string, tokens: [number, number] = [2_400, 180]): SeedMessage => ({
  role: "assistant",
  parts: [{ type: "text", text }],
  tokens,
});

type Call = { name: string; args: unknown; result?: unknown; failed?: boolean; ms?: number };
let calls = 0;

/** An answer that thinks, says something and calls tools, and the row with the results; a call without one stays open. */
export function works(options: {
  thinks?: string;
  says?: string;
  calls: Call[];
  tokens?: [number, number];
}): SeedMessage[] {
  const numbered = options.calls.map((call) => ({ ...call, id: `call_seed_${++calls}` }));
  const parts: StoredPart[] = [];
  if (options.thinks) parts.push({ type: "reasoning", text: options.thinks, duration_ms: 4_200 });
  if (options.says) parts.push({ type: "text", text: options.says });
  for (const { id, name, args } of numbered) {
    parts.push({ type: "tool-call", tool_call_id: id, tool_name: name, args });
  }
  const answered = numbered.filter((call) => call.result !== undefined);
  const results: StoredPart[] = answered.map(({ id, name, result, failed, ms }) => ({
    type: "tool-result",
    tool_call_id: id,
    tool_name: name,
    result,
    is_error: failed ?? false,
    duration_ms: ms ?? 240,
  }));
  const answer: SeedMessage = { role: "assistant", parts, tokens: options.tokens ?? [5_200, 420] };
  return results.length > 0 ? [answer, { role: "tool", parts: results }] : [answer];
}

export const run = (command: string, output: string, exitCode = 0, ms = 900): Call => ({
  name: "execute",
  args: { command },
  result: { output, exit_code: exitCode, wall_duration_ms: ms },
  ms,
});
export const reads = (path: string, content: string): Call => {
  const lines = content.split("\n").length;
  const result = { path, content, start_line: 1, end_line: lines, total_lines: lines };
  return { name: "read_file", args: { path }, result, ms: 12 };
};

const FAILING_TEST = `> ini-parser@2.1.0 test
> node --test

✔ parses a section (1.2ms)
✔ keeps comments (0.4ms)
✖ reads CRLF files (2.1ms)
  AssertionError: Expected values to be strictly equal:
  + 'localhost\\r'
  - 'localhost'

tests 24
pass 23
fail 1`;

const PARSER_SOURCE = `export function parse(text) {
  const result = {};
  let section = result;
  for (const line of text.split("\\n")) {
    const header = /^\\[(.+)\\]$/.exec(line);
    if (header) section = result[header[1]] = {};
    else if (line.includes("=")) assign(section, line);
  }
  return result;
}`;

const PARSER_DIFF = `--- a/src/parse.js
+++ b/src/parse.js
@@ -1,7 +1,7 @@
 export function parse(text) {
   const result = {};
   let section = result;
-  for (const line of text.split("\\n")) {
+  for (const line of text.split(/\\r\\n|\\n|\\r/)) {
     const header = /^\\[(.+)\\]$/.exec(line);
     if (header) section = result[header[1]] = {};
     else if (line.includes("=")) assign(section, line);
`;

const parserStory: SeedMessage[] = [
  person("The test `reads CRLF files` fails on Windows. Find out why and fix it, then run all tests."),
  ...works({
    thinks:
      "The name of the test says carriage returns. I should run it first and look at what is really compared before touching the parser.",
    says: "I run the tests first, to see the failure itself.",
    calls: [run("npm test", FAILING_TEST, 1, 1_840), reads("src/parse.js", PARSER_SOURCE)],
  }),
  ...works({
    says: "The parser splits at `\\n` alone, so the carriage return stays on every value. Splitting at any line ending fixes it.",
    calls: [
      {
        name: "edit_files",
        args: {
          edits: [{ path: "src/parse.js", old_text: 'text.split("\\n")', new_text: "text.split(/\\r\\n|\\n|\\r/)" }],
        },
        result: { files: [{ path: "src/parse.js", diff: PARSER_DIFF, additions: 1, deletions: 1 }] },
        ms: 18,
      },
    ],
  }),
  ...works({ calls: [run("npm test", "tests 24\npass 24\nfail 0", 0, 1_610)], tokens: [6_900, 90] }),
  says(
    "All 24 tests pass.\n\n**Cause.** `parse` split the text at `\\n`, so files with Windows line endings kept a `\\r` at the end of each value.\n\n**Fix.** It now splits at `\\r\\n`, `\\n` or `\\r`:\n\n```js\nfor (const line of text.split(/\\r\\n|\\n|\\r/)) {\n```\n\nNothing else changed. The old test with a lone `\\n` still covers the Unix case.",
    [7_300, 210],
  ),
];

const wentLong = Array.from({ length: 40 }, (_, index): SeedMessage[] => [
  person(`Step ${index + 1}: move the next handler in \`routes/\` to the new error type.`),
  ...works({
    calls: [
      reads(
        `routes/handler-${index + 1}.ts`,
        `export const handler${index + 1} = () => {\n  throw new Error("old");\n};`,
      ),
      run(`npx tsc --noEmit routes/handler-${index + 1}.ts`, "", 0, 2_300),
    ],
    tokens: [9_000 + 400 * index, 160],
  }),
  says(`Handler ${index + 1} throws \`ShopError\` now, and the types agree.`, [9_200 + 400 * index, 60]),
]).flat();

const failed = (error: Partial<ChatError> & Pick<ChatError, "kind" | "message">): ChatError => ({
  provider: "anthropic",
  status_code: null,
  retryable: false,
  detail: null,
  ...error,
});

/** Every state a person meets that stands still by itself: no daemon changes any of these. */
export const stories: SeedChat[] = [
  {
    title: "Fix CRLF handling in the parser",
    status: "waiting",
    minutes: 4,
    pinOrder: 1,
    unread: true,
    summary: "Fixed line endings",
    repository: PARSER,
    labels: { team: "core" },
    pullRequest: {
      state: "open",
      title: "Split at any line ending",
      number: 118,
      branch: "fix/crlf",
      additions: 1,
      deletions: 1,
      files: 1,
      approved: true,
    },
    messages: parserStory,
  },
  {
    title: "Move the shop to the new error type",
    status: "waiting",
    minutes: 26,
    pinOrder: 2,
    summary: "Migrated 40 handlers",
    repository: SHOP,
    pullRequest: {
      state: "open",
      draft: true,
      title: "ShopError everywhere",
      number: 904,
      branch: "errors/shop-error",
      additions: 412,
      deletions: 377,
      files: 41,
    },
    messages: wentLong,
  },
  {
    title: "Compare three queue libraries",
    status: "waiting",
    minutes: 55,
    unread: true,
    summary: "Compared queue libraries",
    repository: SHOP,
    messages: [
      person("Look at how we use the job queue and compare it with two alternatives. Use subagents."),
      ...works({
        says: "Two subagents look at one alternative each, while I read our own use of it.",
        calls: [
          {
            name: "spawn_agent",
            args: { type: "explore", title: "Read the queue's source", prompt: "Summarise it." },
            result: { status: "started" },
            ms: 40,
          },
          {
            name: "spawn_agent",
            args: { type: "general", title: "Benchmark the alternative", prompt: "Measure it." },
            result: { status: "started" },
            ms: 38,
          },
        ],
      }),
      says(
        "| | ours | A | B |\n|---|---|---|---|\n| Delivery | at least once | at least once | exactly once |\n| Jobs a second | 4,100 | 3,900 | 900 |\n| Dependencies | 2 | 14 | 31 |\n\nStay with ours: B's guarantee costs a factor of four that nothing here needs.",
        [14_800, 640],
      ),
    ],
    children: [
      {
        title: "Read the queue's source",
        status: "completed",
        minutes: 57,
        summary: "Read 18 files",
        messages: [
          { role: "user", parts: [{ type: "text", text: "Summarise it." }] },
          says("It polls with `SKIP LOCKED` and has no priorities."),
        ],
      },
      {
        title: "Benchmark the alternative",
        status: "error",
        minutes: 58,
        error: failed({ kind: "workspace", message: "The workspace stopped while the benchmark ran.", provider: null }),
        messages: [{ role: "user", parts: [{ type: "text", text: "Measure it." }] }],
      },
    ],
  },
  {
    title: "Choose where sessions are stored",
    status: "paused",
    pauseReason: "question",
    minutes: 90,
    unread: true,
    messages: [
      person("Add sign-in to the shop."),
      ...works({
        says: "One thing decides the rest.",
        calls: [
          {
            name: "ask_user_question",
            args: {
              questions: [
                {
                  header: "Sessions",
                  question: "Where should sessions live?",
                  options: [
                    { label: "Database", description: "One more table; survives restarts." },
                    { label: "Signed cookie", description: "Nothing to store; cannot be revoked." },
                  ],
                },
              ],
            },
          },
        ],
      }),
    ],
  },
  {
    title: "Plan the move to ESM",
    status: "paused",
    pauseReason: "plan",
    minutes: 3 * HOUR,
    messages: [
      person("How would you move this package to ESM? Plan first."),
      ...works({
        calls: [
          {
            name: "propose_plan",
            args: {
              plan: "1. Set `type: module`.\n2. Rename the two `.cjs` configs.\n3. Replace `__dirname`.\n4. Publish as 3.0.0.",
            },
          },
        ],
      }),
    ],
  },
  {
    title: "Update the payment client",
    status: "error",
    minutes: 5 * HOUR,
    unread: true,
    error: failed({
      kind: "auth",
      message: "Anthropic refused the key.",
      status_code: 401,
      detail: "invalid x-api-key",
    }),
    messages: [person("Update the payment client to version 9 and fix what breaks.")],
  },
  {
    title: "Profile the checkout page",
    status: "error",
    minutes: DAY + 2 * HOUR,
    error: failed({
      kind: "overloaded",
      message: "The model is overloaded and stayed so for 25 attempts.",
      status_code: 529,
      retryable: true,
      detail: "Overloaded",
    }),
    messages: [
      person("Why does the checkout page need four seconds?"),
      ...works({
        calls: [
          run("npm run profile", `${"sampling… ".repeat(40)}\n\u001b[31mheap limit\u001b[0m reached`, 134, 41_000),
          {
            name: "execute",
            args: { command: "curl https://metrics.example.net/checkout" },
            result: {
              output: "curl: (56) CONNECT tunnel failed, response 403",
              exit_code: 56,
              wall_duration_ms: 120,
              refused_hosts: [{ host: "metrics.example.net" }],
            },
            ms: 120,
          },
          {
            name: "read_file",
            args: { path: "../../etc/shadow" },
            result: "The path ../../etc/shadow leaves the workspace. Use a path inside it.",
            failed: true,
            ms: 2,
          },
        ],
      }),
    ],
  },
  {
    title: "Cache product images",
    status: "waiting",
    minutes: DAY + 6 * HOUR,
    summary: "Added image cache",
    repository: SHOP,
    pullRequest: {
      state: "merged",
      title: "Cache product images",
      number: 871,
      branch: "images/cache",
      additions: 96,
      deletions: 12,
      files: 5,
    },
    messages: [
      person("Cache product images for a day."),
      says("Done: `Cache-Control: public, max-age=86400` on the image route, with a test."),
    ],
  },
  {
    title: "Try the canary compiler",
    status: "waiting",
    minutes: 2 * DAY,
    model: "unpriced",
    pullRequest: {
      state: "closed",
      title: "Canary compiler",
      number: 860,
      branch: "canary",
      additions: 8,
      deletions: 8,
      files: 2,
      changesRequested: true,
    },
    messages: [
      person("Does it build with the canary compiler?", {
        type: "file-reference",
        file_name: "tsconfig.json",
        start_line: 1,
        end_line: 4,
        content: '{\n  "compilerOptions": {\n    "strict": true\n  }\n',
      }),
      says("It does not: the canary has no `paths` yet. I closed the pull request."),
    ],
  },
  {
    title: "Write the release notes",
    status: "waiting",
    minutes: 3 * DAY,
    messages: [
      person("Write release notes from the last 40 commits."),
      ...works({
        calls: [
          run(
            "git log --oneline -40",
            Array.from(
              { length: 40 },
              (_, index) => `${(index * 7919).toString(16).padStart(7, "0")} change ${40 - index}`,
            ).join("\n"),
          ),
          {
            name: "write_file",
            args: { path: "RELEASE.md", content: "# 3.0.0\n" },
            result: {
              path: "RELEASE.md",
              created: true,
              additions: 1,
              deletions: 0,
              diff: "--- /dev/null\n+++ b/RELEASE.md\n@@ -0,0 +1 @@\n+# 3.0.0\n",
            },
            ms: 9,
          },
          {
            name: "github__create_release",
            args: { tag: "v3.0.0", draft: true },
            result: { url: "https://example.com/releases/1" },
            ms: 800,
          },
        ],
      }),
      {
        role: "assistant",
        visibility: "user",
        compressed: true,
        parts: [{ type: "tool-call", tool_call_id: "call_seed_summary", tool_name: "chat_summarized", args: {} }],
      },
      {
        role: "tool",
        compressed: true,
        parts: [
          {
            type: "tool-result",
            tool_call_id: "call_seed_summary",
            tool_name: "chat_summarized",
            result: {
              summary: "Release notes for 3.0.0 are drafted in RELEASE.md.",
              source: "automatic",
              usage_percent: 71,
              context_tokens: 142_000,
              context_limit_tokens: 200_000,
            },
            is_error: false,
          },
        ],
      },
      says("The notes stand in `RELEASE.md`, and the release is a draft."),
    ],
  },
  {
    title: "Delete the legacy importer",
    status: "waiting",
    minutes: 9 * DAY,
    archived: true,
    messages: [person("Remove the legacy importer."), says("Removed, with 1,240 lines and 9 tests.")],
  },
  {
    title: "Spike: streaming search",
    status: "waiting",
    minutes: 20 * DAY,
    archived: true,
    messages: [person("Try streaming search results."), says("Works, but saves 30 ms of 90.")],
  },
];

const THINGS = [
  "the cart",
  "the parser",
  "the docs",
  "the build",
  "the API client",
  "the test runner",
  "the sidebar",
  "the worker",
];
const DEEDS = [
  "Tidy up",
  "Speed up",
  "Document",
  "Add tests for",
  "Upgrade",
  "Find dead code in",
  "Type-check",
  "Review",
];

/** Enough older agents for a second page of the sidebar. */
export const olderStories: SeedChat[] = DEEDS.flatMap((deed, at) =>
  THINGS.map(
    (thing, index): SeedChat => ({
      title: `${deed} ${thing}`,
      status: "waiting",
      minutes: 4 * DAY + (at * THINGS.length + index) * 11 * HOUR,
      summary: index % 3 === 0 ? "Left it better" : undefined,
      messages: [
        person(`${deed} ${thing}, please.`),
        says(`Done. ${thing[0]?.toUpperCase()}${thing.slice(1)} is in better shape now.`),
      ],
    }),
  ),
);
