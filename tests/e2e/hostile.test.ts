/** Titles that want to break the page, answers that fail, and chats that go while they are open. */
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import { newId } from "@/lib/ids";
import { violations } from "../support/axe";
import { createTestBrowser, PHONE } from "../support/browser";
import { startProduct } from "../support/product";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";

const browser = await createTestBrowser();
const product = await startProduct();
const call = createAdministrator(product);
const page: Page = await browser.open();
afterAll(() => product.stop());

/** Longer than the API takes: what an older version, or a restored backup, may hold. */
const EMOJI = "\u{1F9D1}\u{200D}\u{1F680}".repeat(10_000);
const BIDI = "\u202Egnp.exe\u2066\u2067 safe \u200B\u200D\uFEFF title";
const HTML = '<img src=x onerror="window.hacked=1"><b>bold</b>';

const rows = (tab: Page) => tab.getByRole("treeitem");
const row = (title: string) => rows(page).filter({ hasText: title });

async function createIdleChat(title: string): Promise<Chat> {
  const chat = await call<Chat>("POST", "/chats", { content: "Wait.", title });
  await call("POST", `/chats/${chat.id}/interrupt`);
  const status = async () => (await call<Chat>("GET", `/chats/${chat.id}`)).status;
  await expect.poll(status, { timeout: 10_000 }).toBe("waiting");
  return chat;
}

beforeAll(async () => {
  const provider = await call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: "http://127.0.0.1:9/v1",
  });
  await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "absent" });
  await signIn(page, product);
});

test("a title of 10,000 emoji, bidi and zero-width characters and HTML stay inside their row and their page", async () => {
  const sql = await openProductDatabase(product);
  const chats = await Promise.all([EMOJI, BIDI, HTML].map(() => createIdleChat("Plain")));
  for (const [index, title] of [EMOJI, BIDI, HTML].entries()) {
    await sql`UPDATE chats SET title = ${title} WHERE id = ${chats[index]?.id as string}`;
  }
  await sql.end();
  for (const options of [{ colorScheme: "dark" } as const, PHONE]) {
    const reader = await browser.open({ ...options, like: page });
    for (const path of ["/agents", ...chats.map((chat) => `/agents/${chat.id}`)]) {
      await reader.goto(product.url + path);
      await reader.getByRole("heading", { level: 1 }).filter({ visible: true }).first().waitFor();
      expect(await reader.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), path).toBe(0);
      expect(await reader.evaluate(() => "hacked" in window), path).toBe(false);
      // The list, where it shows: no row grows, and what stands beside a title is not turned around by it.
      for (const box of await rows(reader).evaluateAll((all) =>
        all.map((each) => each.getBoundingClientRect().height),
      )) {
        expect(box, path).toBeLessThanOrEqual(60);
      }
    }
    await reader.goto(`${product.url}/agents/${chats[0]?.id}`);
    await reader.getByRole("heading", { level: 1 }).filter({ visible: true }).first().waitFor();
    expect(await reader.content()).not.toContain(EMOJI.slice(0, 2_000));
    expect(await violations(reader)).toEqual([]);
    await browser.picture(reader, `hostile-titles-${"isMobile" in options ? "phone" : "dark"}`);
    await reader.context().close();
  }
});

test("a 500 from each endpoint that the agents' pages ask is said, and the page stays usable", async () => {
  const chat = await createIdleChat("Sturdy");
  await row("Sturdy").waitFor();
  const fail = (path: string) =>
    page.route(path, (route) =>
      route.fulfill({ status: 500, json: { code: "internal", message: "Planted failure." } }),
    );
  const says = async () => {
    await page.getByText("Planted failure.").first().waitFor();
    // A dialog that said it hides the list.
    await page.keyboard.press("Escape");
    await expect.poll(() => row("Sturdy").count(), { timeout: 10_000 }).toBe(1);
  };

  const acts: { path: string; act: () => Promise<void> }[] = [
    { path: "**/chats/*/archive", act: () => menu("Archive") },
    { path: "**/chats/*/read", act: () => menu("Mark unread") },
    { path: `**/chats/${chat.id}`, act: () => menu("Pin") },
    {
      path: `**/chats/${chat.id}`,
      act: async () => {
        await menu("Rename");
        await page.getByRole("textbox", { name: "Title" }).fill("Renamed");
        await page.keyboard.press("Enter");
      },
    },
  ];
  for (const { path, act } of acts) {
    await fail(path);
    await act();
    await says();
    await page.unroute(path);
    await page.reload();
    await row("Sturdy").waitFor();
  }

  const list = /\/api\/experimental\/chats(\?|\/search)/;
  await page.route(list, (route) =>
    route.fulfill({ status: 500, json: { code: "internal", message: "Planted failure." } }),
  );
  await page.keyboard.press("Control+k");
  await page.getByText("The search failed").waitFor();
  await page.keyboard.press("Escape");
  await page.goto(`${product.url}/agents?archived=true`);
  await page.getByText("Agents did not load").waitFor();
  await page.unroute(list);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Nothing is archived").waitFor();

  const stream = /\/api\/experimental\/stream/;
  await page.route(stream, (route) => route.fulfill({ status: 500, body: "" }));
  await page.goto(`${product.url}/agents`);
  await row("Sturdy").waitFor();
  await page.unroute(stream);
  await call("PATCH", `/chats/${chat.id}`, { title: "Sturdy again" });
  await row("Sturdy again").waitFor();
});

test("an open chat that is archived elsewhere turns read-only, and comes back writable", async () => {
  const chat = await createIdleChat("Comes and goes");
  await page.goto(`${product.url}/agents/${chat.id}`);
  await page.getByRole("textbox").last().waitFor();
  await row("Comes and goes").waitFor();
  await call("POST", `/chats/${chat.id}/archive`);
  await page.getByText("Archived. Read only.").waitFor();
  expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Comes and goes");
  await row("Comes and goes").waitFor({ state: "detached" });
  await call("POST", `/chats/${chat.id}/unarchive`);
  await row("Comes and goes").waitFor();
  await page.getByText("Archived. Read only.").waitFor({ state: "detached" });
});

test("a chat that is deleted under its page leaves the page standing, and its address says what is wrong", async () => {
  const chat = await createIdleChat("Deleted below");
  await page.goto(`${product.url}/agents/${chat.id}`);
  await page.getByRole("textbox").last().waitFor();
  const sql = await openProductDatabase(product);
  await sql`DELETE FROM chats WHERE id = ${chat.id}`;
  await sql.end();
  await page.getByRole("textbox").last().fill("Are you there?");
  await page.keyboard.press("Enter");
  await page.getByText("This agent no longer exists.").first().waitFor();
  expect(await page.getByRole("textbox").last().inputValue()).toBe("Are you there?");
  for (const address of [chat.id, newId(), "nonsense"]) {
    await page.goto(`${product.url}/agents/${address}`);
    await page.getByText("No agent at this address").waitFor();
  }
  await page.getByRole("main").getByRole("link", { name: "New agent" }).click();
  await page.waitForURL(`${product.url}/agents`);
});

test("on a phone, where the list is another page, an address without an agent leads back to the list", async () => {
  const phone = await browser.open({ ...PHONE, like: page });
  await createIdleChat("Still there");
  for (const back of [phone.locator("header").getByLabel("Back to agents"), phone.getByText("Back to agents")]) {
    await phone.goto(`${product.url}/agents/${newId()}`);
    await phone.getByText("No agent at this address").waitFor();
    await back.click();
    await phone.waitForURL(`${product.url}/agents`);
    await phone.getByRole("treeitem").filter({ hasText: "Still there" }).waitFor();
  }
  await phone.close();
});

test("opening one chat after another asks for no list, and shows each at once", async () => {
  const chats = [await createIdleChat("One of two"), await createIdleChat("Two of two")];
  await page.goto(`${product.url}/agents`);
  await row("Two of two").waitFor();
  const asked: string[] = [];
  const pages: string[] = [];
  page.on("request", (request) => {
    if (/\/api\/experimental\/chats(\?|$)/.test(request.url())) asked.push(request.url());
    if (/\/agents\/[0-9a-f-]+\?.*_rsc=/.test(request.url())) pages.push(request.url());
  });
  for (const [index, title] of ["One of two", "Two of two", "One of two"].entries()) {
    await row(title).click();
    await page.waitForURL(`**/agents/${chats[index % 2]?.id}`);
    await page.getByRole("heading", { level: 1, name: title }).waitFor();
  }
  expect(asked).toEqual([]);
  // Who comes back sees what was read before, and then what was said meanwhile.
  expect(pages).toHaveLength(2);
  await call("POST", `/chats/${chats[1]?.id}/messages`, { content: "Said meanwhile." });
  await row("Two of two").click();
  const said = page.getByLabel("Conversation").filter({ visible: true }).getByText("Said meanwhile.");
  await said.waitFor();
  expect(await said.count()).toBe(1);
  expect(pages).toHaveLength(2);
});

async function menu(entry: string): Promise<void> {
  await row("Sturdy").click({ button: "right" });
  await page.getByRole("menuitem", { name: entry, exact: true }).click();
}
