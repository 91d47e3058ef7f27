/** Agents of the development data set in which every card and row of the transcript stands once. Writes nothing. */
import { newId } from "@/lib/ids";
import { person, reads, run, type SeedChat, says, works } from "./seed-stories";

const DAY = 24 * 60;
const SHOP = "https://github.com/example/shop.git";

const LONG_LOG = Array.from(
  { length: 400 },
  (_, index) => `\u001b[32m✓\u001b[0m checkout case ${index + 1} \u001b[90m(${(index * 37) % 90} ms)\u001b[0m`,
).join("\n");

const PROSE = `## What I found

The index is *not* used, since the filter compares \`lower(email)\`. Three things follow:

1. **Add** an expression index
   - built concurrently
   - with the same collation
2. Rewrite the two queries
3. ~~Drop the old index~~ keep it for a release

> A planner chooses by cost, and the cost of a scan is linear: $$C(n) = c_0 + n \\cdot c_1$$

| Query | Before | After |
|:--|--:|--:|
| by email | 182 ms | 0.4 ms |
| by name | 3 ms | 3 ms |

- [x] measured
- [ ] deployed

\`\`\`sql
CREATE INDEX CONCURRENTLY users_email_lower ON users (lower(email));
\`\`\`

$$
\\text{speed-up} = \\frac{182}{0.4} \\approx 455
$$

More in the [manual](https://www.postgresql.org/docs/current/indexes-expressional.html). ![plan](https://example.com/plan.png)`;

const TYPES_DIFF = `--- a/src/cart.ts
+++ b/src/cart.ts
@@ -12,6 +12,7 @@ export type Cart = {
   items: Item[];
-  total: number;
+  totalCents: bigint;
+  currency: Currency;
 };
`;

/** New ids each time: children are named by the calls that made them. */
export function cardStories(): SeedChat[] {
  return [toolTour(), subagentTour(), proseTour(), questionTour(), clearedTour()];
}

function toolTour(): SeedChat {
  return {
    title: "Every tool once",
    status: "waiting",
    minutes: 70,
    repository: SHOP,
    summary: "Used every tool",
    messages: [
      person("Use every tool once, so that I can see what each looks like."),
      ...works({
        thinks: "**What to start with**\n\nThe workspace first: without one nothing else runs.",
        calls: [
          {
            name: "list_templates",
            args: {},
            result: { templates: [{ id: "t1", name: "Node", description: "Node 24" }] },
          },
          {
            name: "create_workspace",
            args: { repository: SHOP },
            result: { name: "shop-17", created: true, log: "Cloning into 'shop' …\nResolving deltas: 100%" },
            ms: 8_200,
          },
          { name: "start_workspace", args: {}, result: "The quota of 5 running workspaces is used up.", failed: true },
          { name: "read_skill", args: { name: "release" }, result: { content: "# Release\n\nTag, then publish." } },
        ],
      }),
      ...works({
        says: "The sources and the web next.",
        calls: [
          reads("src/cart.ts", "export type Cart = {\n  items: Item[];\n  total: number;\n};"),
          reads("src/item.ts", "export type Item = { name: string };"),
          {
            name: "web_search",
            args: { query: "postgres bigint money" },
            result: [
              { url: "https://www.postgresql.org/docs/current/datatype-money.html", title: "Monetary Types" },
              { url: "https://example.com/money", title: "Storing money" },
            ],
          },
        ],
      }),
      ...works({
        calls: [
          run("npm test -- --reporter=verbose", LONG_LOG, 0, 12_400),
          {
            name: "execute",
            args: { command: "npm run dev", run_in_background: true },
            result: { output: "ready on :3000", background_process_id: "p1", status: "running" },
          },
          { name: "process_output", args: { process_id: "p1" }, result: { output: "GET / 200", status: "running" } },
          {
            name: "process_list",
            args: {},
            result: { processes: [{ process_id: "p1", command: "npm run dev", status: "running" }] },
          },
          { name: "process_signal", args: { process_id: "p1", signal: "terminate" }, result: { success: true } },
          {
            name: "edit_files",
            args: { edits: [{ path: "src/cart.ts", old_text: "total: number;", new_text: "totalCents: bigint;" }] },
            result: { files: [{ path: "src/cart.ts", diff: TYPES_DIFF, additions: 2, deletions: 1 }] },
          },
          {
            name: "edit_files",
            args: { edits: [{ path: "src/gone.ts", old_text: "a", new_text: "b" }] },
            result: "src/gone.ts does not exist. Create it with write_file, or read the directory first.",
            failed: true,
          },
          {
            name: "attach_file",
            args: { path: "out/report.csv" },
            result: "The file out/report.csv is larger than 10 MiB.",
            failed: true,
          },
          { name: "sentry__list_issues", args: { project: "shop", limit: 2 }, result: [{ id: 1, title: "TypeError" }] },
        ],
      }),
      says("That was every tool.", [31_000, 40]),
    ],
  };
}

function subagentTour(): SeedChat {
  const [working, stuck, done] = [newId(), newId(), newId()];
  const child = (id: string, title: string, status: SeedChat["status"]): SeedChat => ({
    id,
    title,
    status,
    minutes: 80,
    agent: { type: "explore", deadlineSeconds: 300 },
    messages: [{ role: "user", parts: [{ type: "text", text: `${title}.` }] }],
  });
  return {
    title: "Three subagents at once",
    status: "waiting",
    minutes: 75,
    messages: [
      person("Look for every caller of deliverOnce, compare retry schedules and write the test. Use subagents."),
      ...works({
        calls: [
          {
            name: "spawn_agent",
            args: { type: "explore", title: "Find every caller of deliverOnce", prompt: "Search `src/`." },
            result: { chat_id: working, status: "started" },
          },
          {
            name: "spawn_agent",
            args: { type: "general", title: "Compare retry schedules", prompt: "Full jitter or equal jitter?" },
            result: { chat_id: done, status: "started" },
          },
          {
            name: "spawn_agent",
            args: { type: "general", title: "Write the dead-endpoint test", prompt: "With a fake clock." },
            result: { chat_id: stuck, status: "started" },
          },
        ],
      }),
      ...works({
        calls: [
          {
            name: "wait_agent",
            args: { chat_id: done },
            result: {
              chat_id: done,
              status: "completed",
              report: "Full jitter spreads best: **3.1 s** at the median.",
            },
          },
          {
            name: "wait_agent",
            args: { chat_id: stuck, timeout_seconds: 60 },
            result: { chat_id: stuck, timed_out: true },
          },
          {
            name: "message_agent",
            args: { chat_id: stuck, message: "Use the clock of lib/clock." },
            result: { sent: true },
          },
          { name: "interrupt_agent", args: { chat_id: stuck }, result: { chat_id: stuck, status: "interrupted" } },
          {
            name: "list_agents",
            args: {},
            result: { agents: [{ chat_id: done, title: "Compare retry schedules", status: "completed" }] },
          },
        ],
      }),
      says("Full jitter it is.", [8_000, 90]),
    ],
    children: [
      child(working, "Find every caller of deliverOnce", "completed"),
      child(done, "Compare retry schedules", "completed"),
      child(stuck, "Write the dead-endpoint test", "waiting"),
    ],
  };
}

const proseTour = (): SeedChat => ({
  title: "Why is sign-in slow?",
  status: "waiting",
  minutes: 100,
  messages: [person("Why is sign-in slow?"), says(PROSE, [4_100, 900])],
});

const questionTour = (): SeedChat => ({
  title: "Move invoices to cursor paging",
  status: "paused",
  pauseReason: "question",
  minutes: 31,
  unread: true,
  messages: [
    person("Move the invoices to cursor paging."),
    ...works({
      calls: [
        {
          name: "ask_user_question",
          args: {
            questions: [
              {
                header: "Scope",
                question: "Only invoices, or credit notes too?",
                options: [
                  { label: "Only invoices", description: "As asked" },
                  { label: "Both", description: "They share the query" },
                ],
              },
            ],
          },
          result: { answers: [{ header: "Scope", question: "Only invoices, or credit notes too?", answer: "Both" }] },
        },
        {
          name: "propose_plan",
          args: { plan: "# Cursor paging for invoices\n\n1. Add the index `(issued_at, id)`\n2. Return `next_cursor`" },
          result: { approved: false, feedback: "Keep the old parameter for one release." },
        },
      ],
    }),
    ...works({
      says: "Two things are yours to decide.",
      calls: [
        {
          name: "ask_user_question",
          args: {
            questions: [
              {
                header: "Keep page numbers in URLs?",
                question: "Two dashboards link to ?page=4. Cursors cannot jump to a page.",
                options: [
                  { label: "Redirect old links to page one", description: "Smallest change, links survive" },
                  { label: "Keep offset paging for those two", description: "Both code paths stay" },
                ],
              },
              {
                header: "Order",
                question: "Newest first, or oldest first?",
                options: [
                  { label: "Newest first", description: "As today" },
                  { label: "Oldest first", description: "As the export does" },
                ],
              },
            ],
          },
        },
      ],
    }),
  ],
});

const clearedTour = (): SeedChat => ({
  title: "Two tasks in one agent",
  status: "waiting",
  minutes: DAY + 60,
  messages: [
    person("Rename the flag."),
    says("Renamed it in 4 files."),
    {
      role: "assistant",
      visibility: "user",
      compressed: true,
      parts: [{ type: "tool-call", tool_call_id: "call_seed_cleared", tool_name: "chat_cleared", args: {} }],
    },
    {
      role: "tool",
      compressed: true,
      parts: [
        {
          type: "tool-result",
          tool_call_id: "call_seed_cleared",
          tool_name: "chat_cleared",
          result: {},
          is_error: false,
        },
      ],
    },
    person("Something else: update the licence year."),
    says("Updated it."),
  ],
});
