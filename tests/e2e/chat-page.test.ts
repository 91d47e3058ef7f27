/** A chat's page where it is long, slow, refused or cut off: nothing jumps, and nothing that was typed is lost. */
import { gzipSync } from "node:zlib";
import type { Locator, Page } from "playwright";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import type { MessagesPage } from "@/lib/contract/messages";
import type { User } from "@/lib/contract/users";
import { createTestBrowser, PHONE } from "../support/browser";
import { reply } from "../support/model-reply";
import { byPrompt } from "../support/model-script";
import { startModelServer } from "../support/model-server";
import { type Product, startProduct } from "../support/product";
import { insertChat, insertMessage } from "../support/rows";
import { addScriptedModel } from "../support/scripted-provider";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";
import { createTemporaryDirectory } from "../support/temporary-directory";

const EMOJI_TITLE = "🛶".repeat(10_000);
const ROWS = 1_000;

const dataDir = await createTemporaryDirectory();
const model = await startModelServer({
  script: byPrompt(
    [
      [/work on/, reply.hang()],
      [/too busy/, reply.error(529, "overloaded_error", "Overloaded", { "retry-after": "50" })],
    ],
    reply.text("Answered."),
  ),
});
const browser = await createTestBrowser();
let product: Product = await startProduct({ dataDir });
const call = createAdministrator(product);
const page: Page = await browser.open();
let sql: Sql;
let ownerId: string;
afterAll(async () => {
  await product.stop();
  await model.close();
});

/** What a person sees: while a page streams in, a hidden copy may still wait to be put in place. */
const composer = (of: Page) => of.getByRole("textbox", { name: "Message to the agent" });
const conversation = (of: Page) => of.getByLabel("Conversation").filter({ visible: true });
const queue = (of: Page) => of.getByRole("list", { name: "Queued messages" }).getByRole("listitem");

async function openBusyChat(): Promise<Chat> {
  const chat = await call<Chat>("POST", "/chats", { content: "Please work on it." });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await page.getByText("Waiting for").first().waitFor();
  return chat;
}

beforeAll(async () => {
  await addScriptedModel(call, model.url);
  ownerId = (await call<User>("GET", "/users/me")).id;
  sql = await openProductDatabase(product);
  await signIn(page, product);
});

test("before anything is pressed the agents' page loads at most 200 KB of scripts, an agent's page 355 KB", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Weighed" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; ");
  const weigh = async (path: string) => {
    const html = await (await fetch(product.url + path, { headers: { cookie } })).text();
    const tags = html.match(/<script\b[^>]*>/g) ?? [];
    // Old browsers alone load what is marked noModule.
    const scripts = new Set(
      tags.filter((tag) => !/nomodule/i.test(tag)).flatMap((tag) => /src="([^"]+)"/.exec(tag)?.[1] ?? []),
    );
    expect(scripts.size).toBeGreaterThan(5);
    const sizes = await Promise.all([...scripts].map(async (path) => gzipSync(await download(path)).byteLength));
    return sizes.reduce((sum, size) => sum + size, 0) / 1024;
  };
  const download = async (path: string) => (await fetch(product.url + path)).arrayBuffer();
  expect(await weigh("/agents")).toBeLessThanOrEqual(200);
  expect(await weigh(`/agents/${chatId}`)).toBeLessThanOrEqual(355);
});

test("a short chat begins at the top of its column", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Short" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  await page.goto(`${product.url}/agents/${chatId}`);
  await expect.poll(() => page.getByLabel("Conversation").count()).toBe(1);
  const box = await conversation(page).getByText("Hello.").boundingBox();
  expect(box?.y).toBeLessThan(120);
  await browser.picture(page, "chat-short");
});

test("an agent without a message says that it waits for a task", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Not begun" });
  await page.goto(`${product.url}/agents/${chatId}`);
  await conversation(page).getByText("Nothing was said yet").waitFor();
  await composer(page).fill("Please work on it.");
  await composer(page).press("Enter");
  await page.getByText("Waiting for").first().waitFor();
  expect(await conversation(page).getByText("Nothing was said yet").count()).toBe(0);
});

test("older history joins above what is read, which does not move", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "A thousand rows" });
  const ids: number[] = [];
  for (let row = 0; row < ROWS; row++) {
    const isUser = row % 10 === 0;
    ids[row] = await insertMessage(sql, {
      chatId,
      role: isUser ? "user" : "assistant",
      createdBy: isUser ? ownerId : undefined,
      parts: [
        ...(row === ROWS - 3 ? [{ type: "reasoning" as const, text: "Because of the tide." }] : []),
        { type: "text", text: longText(row) },
      ],
    });
  }
  await page.goto(`${product.url}/agents/${chatId}`);
  await conversation(page)
    .getByText(`Row ${ROWS - 1}.`)
    .waitFor();
  const scroller = conversation(page);
  expect(await scroller.evaluate((box) => Math.abs(box.scrollTop))).toBeLessThan(2);

  let oldest = ROWS - 50;
  for (let pages = 0; pages < 3; pages++) {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/messages?*", async (route) => {
      await released;
      await route.continue();
    });
    const anchor = scroller.getByText(`Row ${oldest + 1}.`);
    await scrollUpTo(anchor);
    const before = await restingPlace(anchor);
    release();
    await scroller.getByText(`Row ${oldest - 1}.`).waitFor({ state: "attached" });
    expect(Math.abs((await restingPlace(anchor)) - before)).toBeLessThan(2);
    await page.unroute("**/messages?*");
    oldest -= 50;
  }
  await browser.picture(page, "chat-long");

  // What a search hit leads to, from elsewhere and where the chat is open already.
  await page.goto(`${product.url}/agents/${chatId}#message-${ids[123]}`);
  await expectMarked("Row 123.");
  await browser.picture(page, "chat-linked-message");
  await composer(page).click();
  await expect.poll(() => conversation(page).locator("[data-found]").count()).toBe(0);
  // The search is filled behind messages, by what is heard of a chat.
  await call("PATCH", `/chats/${chatId}`, { title: "A thousand rows, found" });
  const hits = () => call<unknown[]>("GET", "/chats/search?q=unmistakable");
  await expect.poll(async () => (await hits()).length, { timeout: 20_000 }).toBe(1);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search agents" }).fill("unmistakable");
  await page.getByRole("option").filter({ hasText: "unmistakable" }).click();
  await expectMarked("Row 7.");
  expect(new URL(page.url()).hash).toBe(`#message-${ids[7]}`);

  // What was opened stays open, although rows far away are not drawn.
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await conversation(page).getByRole("button", { name: "Thought" }).click();
  await conversation(page).getByText("Because of the tide.").waitFor();
  await page.evaluate((id) => window.location.assign(`#message-${id}`), ids[123]);
  await expectMarked("Row 123.");
  await conversation(page).getByText("Because of the tide.").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Jump to latest" }).click();
  await conversation(page).getByText("Because of the tide.").waitFor();
});

test("35: pages that show next to nothing are followed by the next until the window is full", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Mostly silence" });
  for (let row = 0; row < 240; row++) {
    // An empty text has no row.
    const text = row % 50 === 0 ? `Row ${row}.` : "";
    await insertMessage(sql, { chatId, role: "assistant", parts: [{ type: "text", text }] });
  }
  await page.goto(`${product.url}/agents/${chatId}`);
  await conversation(page).getByText("Row 0.").waitFor();
});

test("26: the countdown to the next try changes itself and nothing else of the page", async () => {
  const chat = await call<Chat>("POST", "/chats", { content: "You are too busy." });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await conversation(page)
    .getByText(/^in \d+ s$/)
    .waitFor();
  const changed = await conversation(page).evaluate(
    (box) =>
      new Promise<string[]>((resolve) => {
        const texts: string[] = [];
        new MutationObserver((mutations, observer) => {
          texts.push(...mutations.map(({ target }) => target.textContent ?? ""));
          if (texts.length < 3) return;
          observer.disconnect();
          resolve(texts);
        }).observe(box, { subtree: true, childList: true, characterData: true, attributes: true });
      }),
  );
  for (const text of changed) expect(text).toMatch(/^in \d+ s$/);
  expect(new Set(changed).size).toBe(3);
  await browser.picture(page, "chat-retrying");
  await call("POST", `/chats/${chat.id}/interrupt`);
});

async function expectMarked(text: string): Promise<void> {
  const row = conversation(page).locator("[data-found]").filter({ hasText: text });
  await row.waitFor();
  const box = await row.boundingBox();
  expect(box?.y).toBeGreaterThan(48);
  expect(box?.y).toBeLessThan(800);
}

test("on a phone an agent is given a repository and a branch, or a workspace that is there", async () => {
  const phone = await browser.open({ ...PHONE, like: page });
  await phone.goto(`${product.url}/agents`);
  await phone.getByRole("button", { name: "Repository: No repository" }).tap();
  await phone.getByRole("textbox", { name: "Repository" }).fill("harborline/ferry-api");
  await browser.picture(phone, "new-agent-repository-phone");
  await phone.keyboard.press("Enter");
  await phone.getByRole("button", { name: "Repository: harborline/ferry-api" }).waitFor();
  await phone.getByRole("button", { name: "Branch: Default branch" }).tap();
  await phone.getByRole("textbox", { name: "Branch" }).fill("fix/paging");
  await phone.getByRole("button", { name: "Use “fix/paging”" }).tap();
  const asked = phone.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/chats"));
  await phone.getByLabel("Task for the agent").fill("Answer.");
  await phone.getByRole("button", { name: "Start agent" }).tap();
  expect((await asked).postDataJSON()).toMatchObject({
    repository: "https://github.com/harborline/ferry-api",
    branch: "fix/paging",
  });
  await conversation(phone).getByText("Answered.").waitFor();

  const workspace = await call<{ id: string; name: string }>("POST", "/workspaces", { name: "shared-bench" });
  await phone.goto(`${product.url}/agents`);
  await phone.getByRole("button", { name: "Workspace: New workspace" }).tap();
  await browser.picture(phone, "new-agent-workspace-phone");
  await phone.getByRole("menuitemradio", { name: /shared-bench/ }).tap();
  expect(await phone.getByRole("button", { name: /^Repository/ }).count()).toBe(0);
  await phone.getByLabel("Task for the agent").fill("Answer again.");
  await browser.picture(phone, "new-agent-phone");
  await phone.getByRole("button", { name: "Start agent" }).tap();
  await phone.waitForURL(/\/agents\/[0-9a-f-]{36}$/);
  const chat = await call<Chat>("GET", `/chats/${phone.url().split("/").at(-1)}`);
  expect(chat.workspace_id).toBe(workspace.id);
  await phone.context().close();
});

test("23: a keyboard over the page leaves the composer in sight", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Typed on a phone" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  const phone = await browser.open({ ...PHONE, like: page });
  await phone.goto(`${product.url}/agents/${chatId}`);
  await composer(phone).waitFor();
  // A keyboard that lies over the page, as Safari's does.
  await phone.evaluate(() => {
    const view = window.visualViewport as VisualViewport;
    Object.defineProperty(view, "height", { configurable: true, value: 420 });
    view.dispatchEvent(new Event("resize"));
  });
  const bottom = () =>
    composer(phone).evaluate((field) => field.parentElement?.getBoundingClientRect().bottom ?? Number.NaN);
  await expect.poll(bottom).toBeLessThanOrEqual(420);
  expect(await phone.getByRole("heading", { level: 1 }).boundingBox()).toMatchObject({ y: expect.any(Number) });
  await browser.picture(phone, "chat-keyboard-phone");
  await phone.context().close();
});

test("18, 19: a draft stays with its agent, and does not come back once it is sent", async () => {
  // A page that was left may still be there, and hidden.
  const field = composer(page).filter({ visible: true });
  const open = async (title: string) => {
    await page.getByRole("treeitem").filter({ hasText: title }).click();
    await expect
      .poll(() => page.getByRole("heading", { level: 1 }).filter({ visible: true }).textContent())
      .toBe(title);
  };
  for (const title of ["Begun to write", "Nothing written"]) {
    const chatId = await insertChat(sql, { ownerId, title });
    await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  }
  await page.goto(`${product.url}/agents`);
  await open("Begun to write");
  await field.fill("Half a thought");
  await open("Nothing written");
  expect(await field.inputValue()).toBe("");
  await open("Begun to write");
  await expect.poll(() => field.inputValue()).toBe("Half a thought");
  await field.press("Enter");
  await conversation(page).getByText("Answered.").waitFor();
  await open("Nothing written");
  await open("Begun to write");
  await conversation(page).getByText("Half a thought").waitFor();
  expect(await field.inputValue()).toBe("");
});

test("20: an agent's page opens without a shift", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Still" });
  for (let row = 0; row < 40; row++) {
    await insertMessage(sql, { chatId, parts: [{ type: "text", text: longText(row) }] });
  }
  const tab = await browser.open({ like: page });
  await tab.addInitScript(() => {
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) {
        document.documentElement.dataset.shifted = `${Number(document.documentElement.dataset.shifted ?? 0) + entry.value}`;
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  const opened = tab.waitForRequest(/\/stream\?/);
  await tab.goto(`${product.url}/agents/${chatId}`);
  await opened;
  await conversation(tab).getByText("Row 39.").waitFor();
  const shifted = () => tab.evaluate(() => Number(document.documentElement.dataset.shifted ?? 0));
  expect(await shifted()).toBeLessThan(0.01);
  await tab.getByRole("treeitem").nth(1).click();
  await tab.getByRole("treeitem").filter({ hasText: "Still" }).click();
  await conversation(tab).getByText("Row 39.").waitFor();
  expect(await shifted()).toBeLessThan(0.01);
  await tab.context().close();
});

test("an agent's page comes with its transcript in place, and no script has to put it there", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Whole" });
  for (let row = 0; row < 40; row++) {
    await insertMessage(sql, { chatId, parts: [{ type: "text", text: longText(row) }] });
  }
  const html = await (await page.request.get(`${product.url}/agents/${chatId}`)).text();
  const main = html.slice(html.indexOf("<main"), html.indexOf("</main>"));
  expect(main).toContain("Row 39.");
  expect(main).not.toContain("<template");
  expect(html).not.toContain("<div hidden id=");
});

test("a message that the server does not take comes back into the field", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Refused" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  await page.goto(`${product.url}/agents/${chatId}`);
  await page.route("**/messages", (route) => route.abort());
  await composer(page).fill("Do not lose this.");
  await page.keyboard.press("Enter");
  await page.getByText("The message was not sent").waitFor();
  expect(await composer(page).inputValue()).toBe("Do not lose this.");
  await browser.picture(page, "chat-not-sent");
  await page.unroute("**/messages");
});

test("queued messages are edited, removed and sent now, in every tab", async () => {
  const chat = await openBusyChat();
  const other = await browser.open({ like: page });
  await other.goto(page.url());
  for (const text of ["first", "second", "third"]) {
    await composer(page).fill(text);
    await page.keyboard.press("Enter");
    await queue(page).filter({ hasText: text }).waitFor();
  }
  await expect.poll(() => queue(other).count()).toBe(3);

  await queue(page).filter({ hasText: "second" }).hover();
  await queue(page).filter({ hasText: "second" }).getByRole("button", { name: "Edit" }).click();
  await page.getByLabel("Queued message", { exact: true }).fill("second, edited\nin two lines");
  await page.keyboard.press("Enter");
  await queue(other).filter({ hasText: "second, edited" }).waitFor();
  const { queued_messages } = await call<MessagesPage>("GET", `/chats/${chat.id}/messages`);
  expect(queued_messages[1]?.content).toEqual([{ type: "text", text: "second, edited\nin two lines" }]);
  await browser.picture(page, "chat-queue");

  await queue(page).filter({ hasText: "third" }).hover();
  await queue(page).filter({ hasText: "third" }).getByRole("button", { name: "Remove" }).click();
  await expect.poll(() => queue(other).count()).toBe(2);

  await queue(page).filter({ hasText: "first" }).getByRole("button", { name: "Send now" }).click();
  await conversation(other).getByText("first", { exact: true }).waitFor();
  await call("POST", `/chats/${chat.id}/interrupt`);
  await other.context().close();
});

test("while the server restarts, a busy chat says that it reconnects, and goes on by itself", async () => {
  await openBusyChat();
  const { port } = new URL(product.url);
  await sql.end({ timeout: 2 });
  await product.kill();
  await page.getByText("Reconnecting").first().waitFor({ timeout: 30_000 });
  await browser.picture(page, "chat-reconnecting");
  product = await startProduct({ dataDir, env: { PORT: port } });
  await page.getByText("Reconnecting").first().waitFor({ state: "detached", timeout: 60_000 });
  sql = await openProductDatabase(product);
});

test("a paused chat says what it waits for", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Paused", status: "paused" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  const strips = { question: "The agent asks a question", plan: "The agent proposes a plan" };
  for (const [reason, title] of Object.entries(strips)) {
    await sql`UPDATE chats SET pause_reason = ${reason}::pause_reason WHERE id = ${chatId}`;
    await page.goto(`${product.url}/agents/${chatId}`);
    await page.getByText(title).filter({ visible: true }).first().waitFor();
    await browser.picture(page, `chat-paused-${reason}`);
  }
});

test("texts without end stay inside their boxes, on a phone and in the dark as well", async () => {
  const chatId = await insertChat(sql, { ownerId, title: EMOJI_TITLE });
  await insertMessage(sql, {
    chatId,
    role: "user",
    createdBy: ownerId,
    parts: [{ type: "text", text: "x".repeat(5_000) }],
  });
  await insertMessage(sql, {
    chatId,
    parts: [{ type: "text", text: `\`\`\`\n${"y".repeat(5_000)}\n\`\`\`\n${EMOJI_TITLE}` }],
  });
  for (const [name, options] of [
    ["desktop", {}],
    ["phone", PHONE],
    ["dark", { colorScheme: "dark" }],
  ] as const) {
    const reader = await browser.open({ ...options, like: page });
    await reader.goto(`${product.url}/agents/${chatId}`);
    await conversation(reader).waitFor();
    const { width, wanted } = await reader.evaluate(() => ({
      width: window.innerWidth,
      wanted: document.documentElement.scrollWidth,
    }));
    expect(wanted).toBeLessThanOrEqual(width);
    await browser.picture(reader, `chat-endless-${name}`);
    await reader.context().close();
  }
});

test("an old link shows its chat in the list, and a section that was closed stays closed", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "From last year", updatedAt: "2025-01-01T00:00:00Z" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  for (let index = 0; index < 60; index++) await insertChat(sql, { ownerId, title: `Newer ${index}` });
  await page.goto(`${product.url}/agents/${chatId}`);
  const row = page.getByRole("treeitem").filter({ hasText: "From last year" });
  await row.waitFor();
  expect(await row.getAttribute("aria-current")).toBe("page");
  await page.getByRole("button", { name: /^Older/ }).click();
  await row.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: /^Older/, expanded: false }).waitFor();
  expect(await row.count()).toBe(0);
});

test("what the model was made to forget is given back where it says so", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "To be cleared" });
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId });
  await insertMessage(sql, { chatId, parts: [{ type: "text", text: "What was said." }] });
  await call("POST", `/chats/${chatId}/clear`);
  await page.goto(`${product.url}/agents/${chatId}`);
  await page.getByText("Cleared: the model starts afresh here").waitFor();
  await browser.picture(page, "boundary-undo");
  // It has no record of what it cost, so nothing is said.
  await page.getByRole("button", { name: "Copy answer" }).waitFor();
  expect(await page.getByRole("button", { name: /^Cost and tokens/ }).count()).toBe(0);
  await page.getByRole("button", { name: "Undo the clearing" }).click();
  await page.getByText("Cleared: the model starts afresh here").waitFor({ state: "detached" });
  await page.getByText("What was said.").waitFor();
  const { messages } = await call<MessagesPage>("GET", `/chats/${chatId}/messages`);
  expect(messages.map(({ role }) => role)).toEqual(["assistant", "user"]);
});

/**
 * Rows far above are drawn when they come near, so they are scrolled to as a person does: a window at a time, until the
 * text is seen. That it is drawn says little: rows that are drawn below it may push it out of reach again.
 */
async function scrollUpTo(text: Locator): Promise<void> {
  await conversation(page).hover();
  await expect
    .poll(async () => {
      const isSeen = await isInView(text);
      if (!isSeen) await page.mouse.wheel(0, -600);
      return isSeen;
    })
    .toBe(true);
}

async function isInView(text: Locator): Promise<boolean> {
  const windowTop = await conversation(page).evaluate((box) => box.getBoundingClientRect().top);
  const tops = await text.evaluateAll((found) => found.map((element) => element.getBoundingClientRect().top));
  return tops.some((top) => top >= windowTop);
}

/** Where the text stands once the rows that came into view have been laid out. */
async function restingPlace(text: Locator): Promise<number> {
  const top = async () => (await text.boundingBox())?.y ?? Number.NaN;
  let last = await top();
  await expect
    .poll(async () => {
      const before = last;
      last = await top();
      return last === before;
    })
    .toBe(true);
  return last;
}

const longText = (row: number): string =>
  `Row ${row}.${row === 7 ? " Unmistakable." : ""}\n\n${"What was read, what was changed and why, in a paragraph of a few lines. ".repeat(1 + (row % 5))}`;
