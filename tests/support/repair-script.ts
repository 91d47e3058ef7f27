/** The scripted agent that repairs the broken library: reads, runs, edits twice, and reports what it saw. */
import { reply } from "./model-reply";
import type { ModelServerRequest } from "./model-request";
import { byStep, type Script } from "./model-script";

export const REPAIR_TASK =
  "The tests of this library fail since the last commit. Find out why, fix it, and show that they pass.";

const execute = (command: string) => ({ name: "execute", args: { command } });

type Edit = { oldText: string; newText: string };
const edit = ({ oldText, newText }: Edit) => ({
  name: "edit_files",
  args: { edits: [{ path: "mime.js", old_text: oldText, new_text: newText }] },
});

const LOWER_CASE: Edit = { oldText: "/^.*[\\.\\/]/, '');", newText: "/^.*[\\.\\/]/, '').toLowerCase();" };
const BACKSLASH: Edit = { oldText: "/^.*[\\.\\/]/, ''", newText: "/^.*[\\.\\/\\\\]/, ''" };

const REPORT = `Both mistakes came with **Simplify lookup** and stood in one line of \`mime.js\`:

| what broke | why |
|---|---|
| \`TEXT.TXT\` | the extension was no longer lower-cased |
| \`\\txt\` | the backslash of Windows paths was dropped from the pattern |

\`\`\`js
var ext = path.replace(/^.*[\\.\\/\\\\]/, '').toLowerCase();
\`\`\`

\`npm test\` ends with **All tests passed**. Nothing else was changed.`;

/** @param delayMs before every chunk, for people who watch. */
export function createRepairScript({ delayMs }: { delayMs: number }): Script {
  const pace = { delayMs, usage: { input: 1_200, output: 180, cacheRead: 900 } };
  return byStep([
    reply.answer(
      [
        {
          type: "reasoning",
          chunks: "The last commit is the suspect. I read what it changed and the tests beside it.",
        },
        { type: "text", chunks: "I look at the last commit, the code and its tests." },
        { type: "tool_call", ...execute("git log --oneline -5 && git show --stat HEAD") },
        { type: "tool_call", name: "read_file", args: { path: "mime.js" } },
        { type: "tool_call", name: "read_file", args: { path: "src/test.js" } },
      ],
      pace,
    ),
    reply.toolCalls([execute("npm test")], { ...pace, text: "Now the tests, as they stand." }),
    reply.toolCalls([edit(LOWER_CASE)], {
      ...pace,
      text: "An upper-case extension is not found: it is not lower-cased any more.",
    }),
    reply.toolCalls([execute("npm test")], { ...pace, text: "Again." }),
    reply.toolCalls([edit(BACKSLASH)], {
      ...pace,
      text: "That one passes. The next failure is a Windows path: the backslash is missing.",
    }),
    reply.toolCalls([execute("npm test && git diff")], { ...pace, text: "Once more, with the whole change." }),
    (request) =>
      sawSuccess(request) ? reply.text(REPORT, pace) : reply.text("The tests still fail. I stop here.", pace),
  ]);
}

/** The report is only given when the last command really printed success. */
const sawSuccess = ({ toolResults }: ModelServerRequest): boolean =>
  toolResults.some(({ text }) => text.includes("All tests passed"));
