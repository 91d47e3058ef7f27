import { expect, test } from "vitest";
import { createTestDaemon, waitFor } from "../support/daemon";
import { createTestDatabase } from "../support/database";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { createTestWorkspaces } from "../support/workspaces";

const database = await createTestDatabase();
const workspaces = await createTestWorkspaces({ database });
const call = (name: string, args: Record<string, unknown> = {}) => reply.toolCalls([{ name, args }]);
const done = reply.text("Done.");
const touch = call("execute", { command: "touch kept; ls" });

const slipway = await createTestDaemon({
  database,
  service: workspaces.service,
  script: byPrompt(
    [
      [
        /whole life/,
        byStep([
          call("list_templates"),
          call("create_workspace", { name: "by-the-model" }),
          touch,
          call("stop_workspace"),
          call("stop_workspace"),
          call("create_workspace"),
          call("start_workspace"),
          call("execute", { command: "ls" }),
          done,
        ]),
      ],
      [/at once/, byStep([reply.toolCalls(Array(3).fill({ name: "create_workspace", args: {} })), done])],
      [
        /give it to me/,
        byStep([
          call("execute", {
            command: "printf 'a\\000\\377b' > made.bin; ln -s /etc/passwd secret; head -c 11000000 /dev/zero > big",
          }),
          call("attach_file", { path: "made.bin" }),
          call("attach_file", { path: "/etc/passwd" }),
          call("attach_file", { path: "secret" }),
          call("attach_file", { path: "big" }),
          done,
        ]),
      ],
      [/none yet/, byStep([call("start_workspace"), call("stop_workspace"), done])],
      [
        /bad template/,
        byStep([call("create_workspace", { template_id: "0197f0a0-0000-7000-8000-00000000abcd" }), done]),
      ],
    ],
    done,
  ),
});
await slipway.start();
const { sql } = slipway;

// biome-ignore lint/suspicious/noExplicitAny: results of every shape
type Result = { tool_name: string; result: any; is_error: boolean };
async function resultsOf(prompt: string): Promise<{ chatId: string; results: Result[] }> {
  const { chatId } = await slipway.create(prompt);
  await waitFor(async () => (await slipway.chatOf(chatId))?.status === "waiting", "the turn is over");
  const rows = await slipway.rowsOf(chatId);
  return { chatId, results: rows.filter(({ role }) => role === "tool").flatMap(({ content }) => content) };
}
const workspaceCount = async () =>
  (await sql`SELECT count(*)::int AS n FROM workspaces WHERE owner_id = ${slipway.ownerId}`)[0]?.n;

test("a workspace is made, stopped and started, keeps its files, and there is never a second one", async () => {
  const before = await workspaceCount();
  const { chatId, results } = await resultsOf("whole life");
  expect(results.map(({ is_error }) => is_error)).toEqual(Array(8).fill(false));
  const [templates, created, , stopped, again, known, started, listed] = results.map(({ result }) => result);
  expect(templates.templates.length).toBeGreaterThan(0);
  expect(created).toMatchObject({ name: "by-the-model", status: "running" });
  expect(stopped).toMatchObject({ workspace_id: created.workspace_id, status: "stopped" });
  expect(again).toMatchObject({ status: "stopped" });
  expect(known).toMatchObject({ workspace_id: created.workspace_id, status: "stopped", note: expect.any(String) });
  expect(started).toMatchObject({ workspace_id: created.workspace_id, status: "running" });
  expect(listed.output).toContain("kept");
  expect((await slipway.chatOf(chatId))?.workspace_id).toBe(created.workspace_id);
  expect(await workspaceCount()).toBe(before + 1);
});

test("calls that ask for one at once get the same one", async () => {
  const before = await workspaceCount();
  const { results } = await resultsOf("at once");
  expect(new Set(results.map(({ result }) => result.workspace_id)).size).toBe(1);
  expect(await workspaceCount()).toBe(before + 1);
});

test("the model is told what its template clones and lets it push, before there is a workspace and after", async () => {
  const templateId = await workspaces.insertTemplate({
    repository: "https://git.example.com/acme/app.git",
    push: { branch_prefix: "bots/" },
  });
  const { chatId } = await slipway.create("hello", { templateId });
  const told = () => slipway.model.requests.at(-1)?.system;
  await slipway.until(chatId, "waiting");
  expect(told()).toContain("a clone of https://git.example.com/acme/app.git");
  expect(told()).toContain("must begin with bots/");
  const rules = JSON.stringify({ push: { branch_prefix: "agents/" } });
  const [made] = await sql`
    INSERT INTO templates (id, name, config) VALUES (gen_random_uuid(), 'Made', ${rules}::text::jsonb) RETURNING id`;
  await sql`UPDATE workspaces SET template_id = ${made?.id}, repository = 'git@git.example.com:acme/app'
    WHERE id = ${slipway.workspaceId}`;
  await sql`UPDATE chats SET workspace_id = ${slipway.workspaceId} WHERE id = ${chatId}`;
  await slipway.send(chatId, "again");
  await waitFor(() => slipway.model.requests.at(-1)?.prompt === "again", "the model is asked again");
  expect(told()).toContain("a clone of git@git.example.com:acme/app");
  expect(told()).toContain("must begin with agents/");
});

test("what cannot be done is said in words", async () => {
  const { results } = await resultsOf("none yet");
  for (const { is_error, result } of results)
    expect([is_error, result]).toEqual([true, expect.stringContaining("create_workspace")]);
  const bad = (await resultsOf("bad template")).results[0];
  expect(bad).toMatchObject({ is_error: true, result: expect.stringContaining("no template") });
});

test("a file of the workspace is given to the person byte for byte, and nothing from outside of it", async () => {
  const { results } = await resultsOf("give it to me");
  const [, made, outside, link, big] = results;
  expect(made?.result).toMatchObject({ name: "made.bin", media_type: "application/octet-stream", size_bytes: 4 });
  expect(await slipway.files.get(made?.result.file_id)).toEqual(Buffer.from([0x61, 0, 0xff, 0x62]));
  for (const refused of [outside, link]) {
    expect(refused).toMatchObject({ is_error: true, result: expect.stringContaining("outside the workspace") });
  }
  expect(big).toMatchObject({ is_error: true, result: expect.stringContaining("11000000 bytes") });
  expect(await sql`SELECT 1 FROM chat_files`).toHaveLength(1);
});
