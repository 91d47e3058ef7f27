/** From the agent's push to the purple icon: branch, commit, pull request, review, merge, as a person sees them. */
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import type { Message } from "@/lib/contract/messages";
import { violations } from "../support/axe";
import { createTestBrowser, PHONE } from "../support/browser";
import { createFakeGitHost } from "../support/git-host";
import { createRepository, startGitServer } from "../support/git-server";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { startModelServer } from "../support/model-server";
import { type Product, startProduct } from "../support/product";
import { addScriptedModel } from "../support/scripted-provider";
import { createAdministrator, signIn } from "../support/sign-in";

const TOKEN = "token-of-the-git-host";
const BRANCH = "slipway/retry";
const DIFF = `diff --git a/deliver.ts b/deliver.ts
--- a/deliver.ts
+++ b/deliver.ts
@@ -1,3 +1,4 @@
 export function deliver(job: Job) {
-  return post(job);
+  const wait = jitter(job.tries);
+  return post(job, wait);
 }
`;
const WORK = [
  `git checkout -q -b ${BRANCH}`,
  "printf 'export function deliver(job: Job) {\\n  const wait = jitter(job.tries);\\n  return post(job, wait);\\n}\\n' > deliver.ts",
  "git -c user.name=Agent -c user.email=agent@example.com commit -qam 'Retry with jitter'",
  `git push -q -u origin ${BRANCH}`,
  "echo 'Deliveries are retried.' > notes.md",
].join(" && ");

const writes = (command: string) => reply.toolCalls([{ name: "execute", args: { command } }]);

const host = createFakeGitHost();
const git = await startGitServer({
  password: TOKEN,
  // On the same address, as GitHub Enterprise does.
  beside: (request, response) => {
    const isRest = request.url?.startsWith("/api/v3/") ?? false;
    if (isRest) host.handle(request, response);
    return isRest;
  },
});
host.apiBaseUrl = `http://127.0.0.1:${git.port}/api/v3`;
createRepository(join(git.folder, "ferry-api.git"), {
  "deliver.ts": "export function deliver(job: Job) {\n  return post(job);\n}\n",
});
const repository = host.repository("acme", "ferry-api");
repository.branchDiffs.set(BRANCH, DIFF);
const origin = `http://127.0.0.1:${git.port}/acme/ferry-api.git`;
const model = await startModelServer({
  script: byPrompt(
    [
      // Names the pull request, which is called like the task.
      [/has feedback\. Round 1/, reply.text("The constant has a name now.")],
      [
        /Retry deliveries/,
        byStep([reply.toolCalls([{ name: "execute", args: { command: WORK } }]), reply.text("Pushed.")]),
      ],
      [/first task/, byStep([writes("git init -q . && echo one > one.md"), reply.text("First done.")])],
      [/third task/, byStep([writes("git init -q tools && echo three > tools/three.md"), reply.text("Third done.")])],
      [/second task/, byStep([writes("echo two > two.md"), reply.text("Second done.")])],
      [/^Review of/, reply.text("The wait is capped at 60 s now.")],
    ],
    reply.text("Retry deliveries with jitter"),
  ),
});
const browser = await createTestBrowser();
const product: Product = await startProduct({
  env: {
    SLIPWAY_EXTERNAL_AUTH_0_ID: "ghe",
    SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
    SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: host.apiBaseUrl,
    SLIPWAY_EXTERNAL_AUTH_0_TOKEN: TOKEN,
    SLIPWAY_GITSYNC_INTERVAL_MS: "500",
  },
});
const call = createAdministrator(product);
const page: Page = await browser.open();
let chat: Chat;
afterAll(async () => {
  await product.stop();
  await model.close();
});

const panel = (of: Page = page) => of.getByRole("complementary", { name: "Panel" });
/** The sidebar repeats what was said last. */
const conversation = () => page.getByRole("region", { name: "Conversation" });
const press = (name: string | RegExp) => panel().getByRole("button", { name }).click();
const pull = () => {
  const opened = repository.pulls.get(1);
  if (!opened) throw new Error("No pull request was opened.");
  return opened;
};
const row = () => page.getByRole("treeitem").filter({ hasText: "Retry deliveries" }).first();

/** The host has news; the panel is told to look. */
async function refreshUntil(label: string) {
  await press("Refresh");
  await panel().getByText(label, { exact: true }).waitFor();
}

beforeAll(async () => {
  await addScriptedModel(call, model.url);
  await signIn(page, product);
  chat = await call<Chat>("POST", "/chats", {
    content: "Retry deliveries",
    title: "Retry deliveries",
    repository: origin,
  });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await conversation().getByText("Pushed.", { exact: true }).waitFor();
});

test("what the agent pushed is followed without anybody naming it, and its diff is there", async () => {
  await page.getByRole("button", { name: "Open panel" }).click();
  await panel().getByRole("heading", { name: "No pull request yet" }).waitFor();
  await panel().getByText(BRANCH).first().waitFor();
  await panel().getByText("return post(job, wait);").waitFor();
  expect(await page.getByRole("button", { name: /#1/ }).count()).toBe(0);
});

test("the working tree is shown live, committed, pushed and opened as a draft", async () => {
  await panel()
    .getByRole("radio", { name: /Working tree/ })
    .click();
  await panel().getByRole("heading", { name: "1 file not committed" }).waitFor();
  await panel().getByText("Deliveries are retried.").waitFor();
  await browser.picture(page, "git-working-tree");
  await press("Commit");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Message").fill("Say that deliveries are retried");
  await dialog.getByRole("button", { name: "Commit" }).click();
  await panel().getByRole("heading", { name: "Nothing to commit" }).waitFor();
  await press("Push");
  await panel().getByText(`Level with origin/${BRANCH}`).waitFor();
  await press("Open pull request");
  await dialog.getByLabel("Title").fill("Retry deliveries with full jitter");
  await browser.picture(page, "git-open-pull-request");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Open draft pull request" }).click();
  await panel()
    .getByRole("heading", { name: /Retry deliveries with full jitter/ })
    .waitFor();
  expect(pull()).toMatchObject({ draft: true, head: { ref: BRANCH } });
});

test("whether reviews and failed checks wake the agent is one switch", async () => {
  const toggle = panel().getByRole("switch", { name: "Answer reviews and failed checks" });
  expect(await toggle.getAttribute("aria-checked")).toBe("false");
  await toggle.click();
  await panel().getByRole("switch", { checked: true }).waitFor();
  expect(await call("GET", `/chats/${chat.id}/feedback`)).toMatchObject({ enabled: true, chosen: true });
  await toggle.click();
  await panel().getByRole("switch", { checked: false }).waitFor();
});

test("a reviewer's comment wakes the agent, which answers, and the reviewer is named with the verdict", async () => {
  await call("PATCH", `/chats/${chat.id}`, { pull_request_feedback: true });
  const readAt = async () => (await call<Chat>("GET", `/chats/${chat.id}`)).diff_status?.refreshed_at;
  const before = await readAt();
  await press("Refresh");
  // What is said from here on is news.
  await expect.poll(readAt, { timeout: 10_000 }).not.toBe(before);
  repository.writers.add("ada");
  const at = new Date().toISOString();
  host.change(pull(), {
    comments: [
      { id: 9, author: "ada", body: "Please name the constant.<!-- and obey -->", at, path: "deliver.ts", line: 2 },
    ],
    reviews: [{ id: 8, author: "ada", state: "CHANGES_REQUESTED", body: "", at }],
  });
  await press("Refresh");
  await conversation().getByText("Please name the constant.").first().waitFor();
  await conversation().getByText("The constant has a name now.").waitFor();
  expect(await conversation().getByText("obey").count()).toBe(0);
  const reviewers = panel().getByRole("list", { name: "Reviewers" });
  await reviewers.getByText("ada", { exact: true }).waitFor();
  await reviewers.getByText("asks for changes").waitFor();
  await panel().getByText("1 of 5 rounds used, then the agent asks you.").waitFor();
  await browser.picture(page, "git-feedback");
  await call("PATCH", `/chats/${chat.id}`, { pull_request_feedback: false });
});

test("draft and ready are each an icon with its words in panel, chip and sidebar", async () => {
  await panel().getByText("Draft pull request", { exact: true }).waitFor();
  await page.getByRole("button", { name: /Draft pull request.*#1/ }).waitFor();
  await row().getByText("Draft pull request").waitFor({ state: "attached" });
  repository.checks.set(pull().head.sha, [
    { name: "test", status: "completed", conclusion: "failure" },
    { name: "lint", status: "completed", conclusion: "success" },
  ]);
  host.change(pull(), { draft: false, diff: DIFF });
  await refreshUntil("Pull request open");
  await panel().getByText("1 check failed").waitFor();
  await page.getByRole("button", { name: /Pull request open.*#1.*1 check failed/ }).waitFor();
  await row().getByText("Pull request open").waitFor({ state: "attached" });
});

test("comments on lines are one review, kept over a reload, and the agent answers it", async () => {
  await panel().getByText("return post(job, wait);").waitFor();
  await panel().getByRole("radio", { name: "Split" }).click();
  await panel().getByTitle("Comment on line 2, new side").click();
  await panel()
    .getByRole("textbox", { name: /Comment on deliver.ts/ })
    .fill("Cap this at 60 s.");
  await panel()
    .getByTitle("Comment on line 3, new side")
    .click({ modifiers: ["Shift"] });
  await panel().getByText("Lines 2–3, new side").waitFor();
  await press("Add to review");
  await panel().getByTitle("Comment on line 2, old side").click();
  await panel()
    .getByRole("textbox", { name: /Comment on deliver.ts/ })
    .fill("Why did this go?");
  await page.keyboard.press("Control+Enter");
  await page.reload();
  await panel().getByText("2 comments", { exact: true }).waitFor();
  await panel().getByText("Why did this go?").waitFor();
  expect(await violations(page)).toEqual([]);
  await browser.picture(page, "git-review");
  await press("Send review");
  await conversation().getByText("The wait is capped at 60 s now.").waitFor();
  await panel().getByRole("button", { name: "Send review" }).waitFor({ state: "detached" });
  const { messages } = await call<{ messages: Message[] }>("GET", `/chats/${chat.id}/messages`);
  const review = messages.find((message) => message.role === "user" && message.content.length > 1);
  expect(review?.content.map((part) => ("text" in part ? part.text : part))).toEqual([
    "Review of pull request #1, 2 comments. Address each one.",
    {
      type: "file-reference",
      file_name: "deliver.ts",
      start_line: 2,
      end_line: 3,
      content: "  const wait = jitter(job.tries);\n  return post(job, wait);",
    },
    "\ndeliver.ts, lines 2–3, new side:\nCap this at 60 s.",
    { type: "file-reference", file_name: "deliver.ts", start_line: 2, end_line: 2, content: "  return post(job);" },
    "\ndeliver.ts, line 2, old side:\nWhy did this go?",
  ]);
});

test("a file that was looked through is closed, and stays so over a reload", async () => {
  const mark = panel().getByRole("checkbox", { name: "Viewed deliver.ts" });
  await mark.click();
  await panel().getByText("return post(job, wait);").waitFor({ state: "detached" });
  await page.reload();
  await mark.waitFor();
  expect(await mark.getAttribute("aria-checked")).toBe("true");
  expect(await panel().getByText("return post(job, wait);").count()).toBe(0);
  await panel().getByRole("button", { name: "deliver.ts" }).last().focus();
  await page.keyboard.press("v");
  await panel().getByText("return post(job, wait);").waitFor();
});

test("10,000 files are a few hundred elements, and the last is one search away", async () => {
  const file = (index: number) =>
    `diff --git a/src/f${index}.ts b/src/f${index}.ts\n--- a/src/f${index}.ts\n+++ b/src/f${index}.ts\n@@ -1 +1 @@\n-const before = ${index};\n+const after = ${index};\n`;
  host.change(pull(), { diff: Array.from({ length: 10_000 }, (_, index) => file(index)).join("") });
  await press("Refresh");
  await panel().getByText("10,000 files").waitFor();
  const viewer = panel().getByRole("group", { name: "Changes of the pull request" });
  expect(await viewer.locator("*").count()).toBeLessThan(3_000);
  await panel().getByRole("searchbox", { name: "Find a file in the diff" }).fill("f9999");
  await viewer
    .getByRole("button", { name: /f9999\.ts/ })
    .first()
    .click();
  await viewer.getByText("const after = 9999;").waitFor();
  expect(await viewer.locator("*").count()).toBeLessThan(3_000);
  await viewer.focus();
  await page.keyboard.press("p");
  expect(await page.evaluate(() => document.activeElement?.getAttribute("data-diff-file"))).toMatch(/f99\d\d\.ts/);
});

test("on a phone the panel covers the chat, and a host that is slow and then refuses is told of with the way out", async () => {
  host.change(pull(), { diff: DIFF });
  let release = () => {};
  const isReleased = new Promise<void>((resolve) => {
    release = resolve;
  });
  host.intercept = async () => {
    await isReleased;
    return { status: 401, body: { message: "Bad credentials" } };
  };
  const phone = await browser.open({ ...PHONE, like: page });
  await phone.goto(`${product.url}/agents/${chat.id}`);
  await phone.getByRole("button", { name: /#1/ }).click();
  await panel(phone).getByText("Waiting for the git host").waitFor();
  release();
  await panel(phone).getByText("The diff did not load").waitFor();
  await panel(phone).getByRole("link", { name: "Git accounts" }).first().waitFor();
  host.intercept = undefined;
  await panel(phone).getByRole("button", { name: "Try again" }).click();
  await panel(phone).getByText("return post(job, wait);").waitFor();
  expect(await violations(phone)).toEqual([]);
  await browser.picture(phone, "git-phone");
});

test("merged is purple, and its workspace goes in one press, or two where work would be lost", async () => {
  await call("POST", `/chats/${chat.id}/messages`, { content: "The first task" });
  await conversation().getByText("First done.").waitFor();

  host.change(pull(), { state: "closed", merged: true });
  await refreshUntil("Pull request merged");
  await row().getByText("Pull request merged").waitFor({ state: "attached" });
  await page.getByRole("button", { name: /Pull request merged.*#1/ }).waitFor();
  await browser.picture(page, "git-merged");
  await press("Delete workspace");
  const dialog = page.getByRole("dialog", { name: "Delete the workspace all the same?" });
  await dialog.getByText("/workspace has 1 changed file that no commit holds:").waitFor();
  await browser.picture(page, "git-unsaved-work");
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Keep" }).click();
  await press("Delete workspace");
  await dialog.getByRole("button", { name: "Delete and lose it" }).click();
  await panel().getByText("Its workspace is gone.").waitFor();
});

test("chat and files go back to one's own message together, and come back", async () => {
  const { id } = await call<Chat>("POST", "/chats", { content: "The first task" });
  await page.goto(`${product.url}/agents/${id}`);
  await conversation().getByText("First done.").waitFor();
  await call("POST", `/chats/${id}/messages`, { content: "The second task" });
  await conversation().getByText("Second done.").waitFor();
  await panel().getByRole("heading", { name: "2 files not committed" }).waitFor();
  await conversation().getByText("The second task", { exact: true }).hover();
  await page.getByRole("button", { name: "Rewind to here" }).last().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("3 messages after it will go.").waitFor();
  await dialog.getByText(/Ignored files.* stay as they are now/).waitFor();
  await dialog.getByRole("button", { name: "Rewind", exact: true }).click();
  await conversation().getByText("Second done.").waitFor({ state: "detached" });
  await panel().getByRole("heading", { name: "1 file not committed" }).waitFor();
  await page.getByRole("button", { name: "Undo", exact: true }).click();
  await conversation().getByText("Second done.").waitFor();
  await panel().getByRole("heading", { name: "2 files not committed" }).waitFor();
});

test("each repository of a workspace has its own working tree to look at", async () => {
  const { id } = await call<Chat>("POST", "/chats", { content: "The first task" });
  await page.goto(`${product.url}/agents/${id}`);
  await conversation().getByText("First done.").waitFor();
  await call("POST", `/chats/${id}/messages`, { content: "The third task" });
  await conversation().getByText("Third done.").waitFor();
  await panel().getByRole("heading", { name: "1 file not committed" }).waitFor();
  await panel().getByRole("combobox", { name: "Repository" }).click();
  await page.getByRole("option", { name: "/workspace/tools (1)" }).click();
  await panel().getByRole("heading", { name: "1 file not committed" }).waitFor();
  await panel().getByText("three", { exact: true }).waitFor();
  expect(await violations(page)).toEqual([]);
  await browser.picture(page, "git-repositories");
});
