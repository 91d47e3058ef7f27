/** The list of agents in several tabs of one browser: live, over one connection, by keyboard. */
import type { Page, Request } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import { createTestBrowser } from "../support/browser";
import { ADMINISTRATOR, startProduct } from "../support/product";

const browser = await createTestBrowser();
const product = await startProduct();
afterAll(() => product.stop());

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(`${product.url}/api/experimental${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMINISTRATOR.token}`, "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
  return response.json() as Promise<T>;
}

/** A chat that rests: its model server does not exist. */
async function createIdleChat(title: string): Promise<Chat> {
  const chat = await call<Chat>("POST", "/chats", { content: "Wait.", title });
  await call("POST", `/chats/${chat.id}/interrupt`);
  const read = () => call<Chat>("GET", `/chats/${chat.id}`);
  await expect.poll(async () => (await read()).status, { timeout: 10_000 }).toBe("waiting");
  return read();
}

const row = (page: Page, title: string) => page.getByRole("treeitem").filter({ hasText: title });

/** The live connections that are open in all tabs. */
const streams = new Set<Request>();
let first: Page;
let second: Page;

async function openTab(page: Page): Promise<Page> {
  page.on("request", (request) => {
    if (request.url().includes("/api/experimental/stream?")) streams.add(request);
  });
  page.on("requestfailed", (request) => streams.delete(request));
  page.on("requestfinished", (request) => streams.delete(request));
  await page.goto(`${product.url}/agents`);
  return page;
}

beforeAll(async () => {
  const provider = await call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: "http://127.0.0.1:9/v1",
  });
  await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "absent" });
  first = await browser.open();
  await first.goto(`${product.url}/sign-in?next=/agents`);
  await first.getByLabel("Email").fill(ADMINISTRATOR.email);
  await first.getByLabel("Password").fill(ADMINISTRATOR.password);
  await first.getByRole("button", { name: "Sign in" }).click();
  await first.waitForURL((url) => url.pathname === "/agents");
  await Promise.all([first.waitForRequest(/\/stream\?/), openTab(first)]);
  second = await openTab(await first.context().newPage());
});

test("what happens elsewhere shows in every tab, over one connection", async () => {
  const chat = await createIdleChat("Made elsewhere");
  await Promise.all([first, second].map((tab) => row(tab, "Made elsewhere").waitFor()));
  await call("PATCH", `/chats/${chat.id}`, { title: "Named elsewhere" });
  await Promise.all([first, second].map((tab) => row(tab, "Named elsewhere").waitFor()));
  await expect.poll(() => streams.size).toBe(1);
});

test("a row's menu renames, pins and archives, and the toast takes the archiving back", async () => {
  await createIdleChat("Before");
  await row(first, "Before").waitFor();
  await row(first, "Before").focus();
  await first.keyboard.press("Tab");
  await first.keyboard.press("Enter");
  await first.getByRole("menuitem", { name: "Rename" }).press("Enter");
  await first.getByLabel("Title").fill("After");
  await first.keyboard.press("Enter");
  await row(second, "After").waitFor();

  await row(first, "After").click({ button: "right" });
  await first.getByRole("menuitem", { name: "Pin" }).click();
  await second.getByRole("group", { name: "Pinned" }).getByRole("treeitem").filter({ hasText: "After" }).waitFor();

  await row(first, "After").click({ button: "right" });
  await first.getByRole("menuitem", { name: "Archive" }).click();
  await row(second, "After").waitFor({ state: "detached" });
  await first.getByRole("button", { name: "Undo" }).click();
  await row(second, "After").waitFor();
});

test("the filter shows the archived ones and keeps that in the address", async () => {
  const chat = await createIdleChat("Put away");
  await call("POST", `/chats/${chat.id}/archive`);
  await second.getByRole("button", { name: "Filter agents" }).click();
  await second.getByRole("menuitemradio", { name: "Archived" }).click();
  await row(second, "Put away").waitFor();
  expect(new URL(second.url()).search).toBe("?archived=true");
  await second.goto(`${product.url}/agents`);
});

test("arrow keys walk the rows and Enter opens one", async () => {
  await row(second, "Named elsewhere").waitFor();
  await second.getByRole("treeitem").first().focus();
  await second.keyboard.press("End");
  await second.keyboard.press("Home");
  const title = await second.evaluate(() => document.activeElement?.getAttribute("href"));
  await second.keyboard.press("Enter");
  await second.waitForURL(`**${title}`);
  await expect.poll(() => second.locator('[role="treeitem"][aria-current="page"]').getAttribute("href")).toBe(title);
});

test("when the tab that leads closes, the next one goes on and misses nothing", async () => {
  await first.close();
  await createIdleChat("After the change of leader");
  await row(second, "After the change of leader").waitFor();
});
