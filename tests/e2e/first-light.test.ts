/** The main job, as a newcomer does it: the link, a provider, a task, the result; with the power cut in the middle. */
import { join } from "node:path";
import type { Page } from "playwright";
import { afterAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import type { Message } from "@/lib/contract/messages";
import { createBrokenLibrary } from "../support/broken-library";
import { createTestBrowser, PHONE } from "../support/browser";
import { startModelServer } from "../support/model-server";
import { type Product, startProduct } from "../support/product";
import { createRepairScript, REPAIR_TASK } from "../support/repair-script";
import { createTemporaryDirectory } from "../support/temporary-directory";

const KEY = "sk-ant-of-the-first-light";
const PERSON = { email: "ada@example.test", username: "ada", password: "a long enough password" };

const dataDir = await createTemporaryDirectory();
const libraries = await createTemporaryDirectory();
const model = await startModelServer({ script: createRepairScript({ delayMs: 20 }), apiKey: KEY });
const browser = await createTestBrowser();
let product: Product = await startProduct({ dataDir, isFirstRun: true });
const page: Page = await browser.open();
afterAll(async () => {
  await product.stop();
  await model.close();
});

/** The person's own requests, with the cookie of the page. */
const request = async <T>(method: "get" | "post", path: string, data?: unknown): Promise<T> => {
  const headers = { origin: product.url };
  const response = await page.request[method](`${product.url}/api/experimental${path}`, { headers, data });
  expect(response.ok(), `${method} ${path}: ${response.status()}`).toBe(true);
  return (await response.json()) as T;
};

/** What the page shows, beside what it tells to a screen reader. */
const shown = (text: string) => page.getByText(text).and(page.locator(":not([role=status])")).first();

test("the printed link makes the first administrator", async () => {
  const link = /http\S+\/setup\?token=\S+/.exec(product.output())?.[0];
  await page.goto(link ?? "");
  await page.getByLabel("Email").fill(PERSON.email);
  await page.getByLabel("Username").fill(PERSON.username);
  await page.getByLabel("Password").fill(PERSON.password);
  await browser.picture(page, "setup");
  await page.getByRole("button", { name: "Create administrator" }).click();
  await page.getByRole("button", { name: "Test and continue" }).waitFor();
});

test("a provider that refuses the key says so in its own words, and a right key goes on", async () => {
  await page.getByLabel("Base URL").fill(`${model.url}/v1`);
  await page.getByLabel("API key").fill("sk-ant-wrong-key-0000");
  await page.getByRole("button", { name: "Test and continue" }).click();
  await page.getByText("invalid x-api-key").waitFor();
  await browser.picture(page, "setup-key-refused");
  await page.getByLabel("API key").fill(KEY);
  await page.getByRole("button", { name: "Test and continue" }).click();
  await page.waitForURL("**/agents");
  await page.getByRole("heading", { name: "What should the agent do?" }).waitFor();
});

test("an agent repairs a real library while the person watches, although the server is killed in the middle", async () => {
  const repository = createBrokenLibrary(join(libraries, "mime"));
  await page.getByRole("button", { name: "Repository: No repository" }).click();
  await page.getByRole("textbox", { name: "Repository" }).fill(repository);
  await page.keyboard.press("Enter");
  await page.getByLabel("Task").fill(REPAIR_TASK);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
  const chatId = page.url().split("/").at(-1) as string;

  await shown("I look at the last commit, the code and its tests.").waitFor();
  await shown("Read 2 files").waitFor();
  await shown("An upper-case extension is not found").waitFor();
  await browser.picture(page, "chat-live");

  const { port } = new URL(product.url);
  await product.kill();
  product = await startProduct({ dataDir, env: { PORT: port } });

  // The page was not reloaded: it found the server again and goes on.
  await shown("Nothing else was changed.").waitFor({ timeout: 60_000 });
  await shown("1 file changed").waitFor();
  await browser.picture(page, "chat-done");

  const { messages } = await request<{ messages: Message[] }>("get", `/chats/${chatId}/messages?limit=200`);
  const parts = messages.flatMap((message) => message.content);
  const calls = parts.filter((part) => part.type === "tool-call").map((part) => part.tool_call_id);
  const results = parts.filter((part) => part.type === "tool-result").map((part) => part.tool_call_id);
  expect(new Set(calls).size).toBe(calls.length);
  expect([...results].sort()).toEqual([...calls].sort());
  const chat = await request<Chat>("get", `/chats/${chatId}`);
  expect(chat).toMatchObject({ status: "waiting", last_error: null });
  const workspace = await request<{ status: string; latest_build: { status: string } }>(
    "get",
    `/workspaces/${chat.workspace_id}`,
  );
  expect([workspace.status, workspace.latest_build.status]).toEqual(["running", "running"]);
});

test("a reload shows what the live page showed", async () => {
  const conversation = () => page.getByLabel("Conversation").innerText();
  const before = await conversation();
  await page.reload();
  await shown("1 file changed").waitFor();
  const words = (text: string) => text.split(/\s+/);
  expect(words(await conversation())).toEqual(words(before));
});

test("a restart of the workspace gives a new agent, and the chat goes on in it", async () => {
  const chatId = page.url().split("/").at(-1) as string;
  const { workspace_id: workspaceId } = await request<Chat>("get", `/chats/${chatId}`);
  type Built = { latest_build: { status: string; agents: { id: string }[] } };
  const workspace = () => request<Built>("get", `/workspaces/${workspaceId}`);
  const before = (await workspace()).latest_build.agents[0]?.id;
  for (const [transition, status] of [
    ["stop", "stopped"],
    ["start", "running"],
  ] as const) {
    await request("post", `/workspaces/${workspaceId}/builds`, { transition });
    await expect.poll(async () => (await workspace()).latest_build.status, { timeout: 30_000 }).toBe(status);
  }
  expect((await workspace()).latest_build.agents[0]?.id).not.toBe(before);
  await page.getByRole("textbox").fill("Once more, please.");
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => (await request<Chat>("get", `/chats/${chatId}`)).status, { timeout: 60_000 })
    .toBe("waiting");
  const { messages } = await request<{ messages: Message[] }>("get", `/chats/${chatId}/messages?limit=200`);
  const last = messages.find((message) => message.role === "tool");
  expect(JSON.stringify(last?.content)).toContain("All tests passed");
});

test("the same chat reads well on a phone and in the dark", async () => {
  const phone = await browser.open({ ...PHONE, like: page });
  await phone.goto(page.url());
  await phone.getByText("1 file changed").first().waitFor();
  const width = await phone.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  await browser.picture(phone, "chat-phone");
  const dark = await browser.open({ colorScheme: "dark", like: page });
  await dark.goto(page.url());
  await dark.getByText("1 file changed").first().waitFor();
  await browser.picture(dark, "chat-dark");
});

test("the workspace is deleted when the person wants it", async () => {
  const chatId = page.url().split("/").at(-1) as string;
  const { workspace_id: workspaceId } = await request<Chat>("get", `/chats/${chatId}`);
  await request("post", `/workspaces/${workspaceId}/builds`, { transition: "delete" });
  const answer = () => page.request.get(`${product.url}/api/experimental/workspaces/${workspaceId}`);
  await expect.poll(async () => (await answer()).status(), { timeout: 30_000 }).toBe(404);
});
