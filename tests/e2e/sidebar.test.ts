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
  const reached = first.getByRole("tree").locator('button[aria-haspopup="menu"]:not([tabindex="-1"])');
  expect(await reached.evaluateAll((buttons) => buttons.map((button) => button.ariaLabel))).toEqual([
    "Actions for Before",
  ]);
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

test("37: what a model names an agent does not land in another one's dialog", async () => {
  const [slow, other] = [await createIdleChat("Slowly named"), await createIdleChat("Another one")];
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await first.route(`**/chats/${slow.id}/title/regenerate`, async (route) => {
    await answered;
    await route.fulfill({ json: { ...slow, title: "Named by a model" } });
  });
  const openDialog = async (title: string) => {
    await row(first, title).click({ button: "right" });
    await first.getByRole("menuitem", { name: "Rename" }).click();
  };
  const field = first.getByRole("dialog").getByLabel("Title");
  await openDialog(slow.title);
  await first.getByRole("button", { name: "Let a model name it" }).click();
  await first.getByText("A model reads what was said.").waitFor();
  await first.keyboard.press("Escape");
  await openDialog(other.title);
  await field.fill("Typed by a person");
  answer();
  await first.waitForFunction(() => document.readyState === "complete");
  await expect.poll(() => first.getByRole("dialog").count()).toBe(1);
  expect(await field.inputValue()).toBe("Typed by a person");
  await first.keyboard.press("Escape");

  // Where the dialog is still its own the answer stands in it, saved.
  await openDialog(slow.title);
  await first.getByRole("button", { name: "Let a model name it" }).click();
  await first.getByText("Named by a model, and saved.").waitFor();
  expect(await field.inputValue()).toBe("Named by a model");
  await first.getByRole("button", { name: "Done" }).click();
  await row(first, "Named by a model").waitFor();
  await first.unroute(`**/chats/${slow.id}/title/regenerate`);
});

test("the filter is chosen first and applied at once, stays in the address and goes along on links", async () => {
  const chat = await createIdleChat("Put away");
  await call("POST", `/chats/${chat.id}/archive`);
  await second.getByRole("button", { name: "Filter agents" }).click();
  await second.getByRole("radio", { name: "Archived" }).click();
  expect(new URL(second.url()).search).toBe("");
  await second.getByRole("button", { name: "Apply" }).click();
  await row(second, "Put away").waitFor();
  expect(new URL(second.url()).search).toBe("?archived=true");
  expect(await row(second, "Put away").getAttribute("href")).toContain("?archived=true");

  await second.getByRole("button", { name: "Filter agents: archived" }).click();
  await second.getByLabel("Merged").click();
  await second.getByRole("button", { name: "Apply" }).click();
  await second.getByText("No agent matches").waitFor();
  await second.getByRole("button", { name: "Clear filters" }).click();
  await row(second, "Put away").waitFor();
  expect(new URL(second.url()).search).toBe("?archived=true");
  await second.goto(`${product.url}/agents`);
});

test("pins are put in order by dragging and by keyboard, in every tab, and a drop opens nothing", async () => {
  for (const title of ["Pin one", "Pin two", "Pin three"]) {
    const chat = await createIdleChat(title);
    await call("PATCH", `/chats/${chat.id}`, { pinned: true });
  }
  const pinned = (page: Page) => page.getByRole("group", { name: "Pinned" }).getByRole("treeitem");
  const places = async (page: Page) =>
    (await pinned(page).allTextContents()).map((text) => /Pin (one|two|three)/.exec(text)?.[1]).filter(Boolean);
  await expect.poll(() => places(first)).toEqual(["one", "two", "three"]);
  const from = await row(first, "Pin three").boundingBox();
  const to = await row(first, "Pin one").boundingBox();
  if (!from || !to) throw new Error("The pinned rows are not on the screen.");
  await first.mouse.move(from.x + 60, from.y + 20);
  await first.mouse.down();
  await first.mouse.move(to.x + 60, to.y + 4, { steps: 6 });
  await first.mouse.up();
  await expect.poll(() => places(first)).toEqual(["three", "one", "two"]);
  await expect.poll(() => places(second)).toEqual(["three", "one", "two"]);
  await row(first, "Pin one").focus();
  await first.keyboard.press("Alt+ArrowDown");
  await expect.poll(() => places(second)).toEqual(["three", "two", "one"]);
  expect(await places(first)).toEqual(["three", "two", "one"]);
  expect(new URL(first.url()).pathname).toBe("/agents");
});

test("Ctrl K finds an agent by a word and a condition, by keyboard alone", async () => {
  await second.keyboard.press("Control+k");
  const line = second.getByRole("combobox", { name: "Search agents" });
  await line.pressSequentially("status:waiting elsewhere");
  const results = second.getByRole("listbox", { name: "Results" }).getByRole("option");
  await expect.poll(() => results.allTextContents()).toHaveLength(1);
  await line.press("Enter");
  await second.waitForURL(/\/agents\/[0-9a-f-]+$/);
  expect(await second.getByRole("heading", { level: 1 }).textContent()).toBe("Named elsewhere");
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
