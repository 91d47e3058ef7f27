/** Twelve tabs of one person, over HTTP/1.1, through a change of leader, offline, a restart and a new version. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page, Request } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chat } from "@/lib/contract/chats";
import { createTestBrowser } from "../support/browser";
import { startProduct } from "../support/product";
import { createAdministrator, signIn } from "../support/sign-in";

/** Twice what a browser opens to one host over HTTP/1.1. */
const TABS = 12;

const browser = await createTestBrowser();
const dataDir = await mkdtemp(join(tmpdir(), "slipway-live-"));
let product = await startProduct({ dataDir });
const port = new URL(product.url).port;
const call = createAdministrator(product);
const tabs: Page[] = [];
/** The live connections that did not end, each with its tab. A tab that closes does not say that its requests ended. */
const streams = new Map<Request, Page>();
const leaders = () => [...streams.values()].filter((tab) => !tab.isClosed());
let chat: Chat;

afterAll(async () => {
  await product.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const titles = (tab: Page) => tab.getByRole("treeitem").evaluateAll((rows) => rows.map((row) => row.textContent ?? ""));

/** Names the chat anew, and waits until each tab shows the name, once. */
async function seesEveryTab(title: string): Promise<void> {
  await call("PATCH", `/chats/${chat.id}`, { title });
  await Promise.all(tabs.map((tab) => tab.getByRole("treeitem").filter({ hasText: title }).waitFor()));
  for (const tab of tabs) expect((await titles(tab)).filter((text) => text.includes(title))).toHaveLength(1);
}

const loads = (tab: Page) => tab.evaluate(() => performance.timeOrigin);

function watchStreams(tab: Page) {
  tab.on("request", (request) => request.url().includes("/api/experimental/stream?") && streams.set(request, tab));
  for (const event of ["requestfailed", "requestfinished"] as const) {
    tab.on(event as "requestfinished", (request) => streams.delete(request));
  }
}

beforeAll(async () => {
  const provider = await call<{ id: string }>("POST", "/chats/providers", {
    provider: "openai-compat",
    base_url: "http://127.0.0.1:9/v1",
  });
  await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "absent" });
  chat = await call<Chat>("POST", "/chats", { content: "Wait.", title: "Shared" });
  await call("POST", `/chats/${chat.id}/interrupt`);
  const first = await browser.open();
  await signIn(first, product);
  for (let index = 0; index < TABS; index++) {
    const tab = index === 0 ? first : await first.context().newPage();
    watchStreams(tab);
    tabs.push(tab);
    await tab.goto(`${product.url}/agents`, { waitUntil: "domcontentloaded" });
  }
});

test("twelve tabs stay live over one connection, each event once", async () => {
  await seesEveryTab("Seen by all");
  await expect.poll(() => leaders().length, { timeout: 10_000 }).toBe(1);
});

test("when the tab that leads closes, another one takes the connection over and nobody misses anything", async () => {
  const [leader] = leaders();
  expect(leader).toBeDefined();
  tabs.splice(tabs.indexOf(leader as Page), 1);
  await Promise.all([leader?.close(), call("PATCH", `/chats/${chat.id}`, { title: "Named in between" })]);
  await Promise.all(tabs.map((tab) => tab.getByRole("treeitem").filter({ hasText: "Named in between" }).waitFor()));
  await seesEveryTab("Named after the change");
  await expect.poll(() => leaders().length, { timeout: 10_000 }).toBe(1);
});

test("what happened offline and during a restart shows without a reload", async () => {
  const [tab] = tabs as [Page];
  const loadedAt = await Promise.all(tabs.map(loads));
  await tab.context().setOffline(true);
  await call("PATCH", `/chats/${chat.id}`, { title: "Named while offline" });
  await tab.context().setOffline(false);
  await Promise.all(
    tabs.map((each) => each.getByRole("treeitem").filter({ hasText: "Named while offline" }).waitFor()),
  );

  await product.kill();
  product = await startProduct({ dataDir, env: { PORT: port } });
  await seesEveryTab("Named after the restart");
  expect(await Promise.all(tabs.map(loads))).toEqual(loadedAt);
  // The same build came back: nothing to reload for.
  expect(await tab.getByText("Slipway was updated").count()).toBe(0);
});

test("a page of another build offers to reload, and reloads when a person says so", async () => {
  const [tab] = tabs as [Page];
  await tab.route("**/agents", async (route) => {
    const answer = await route.fetch();
    const text = await answer.text();
    await route.fulfill({
      response: answer,
      body: text.replaceAll(/(\\?"build\\?":\\?")[0-9a-f]{12}/g, "$1older0000000"),
    });
  });
  await tab.reload();
  await tab.getByText("Slipway was updated").waitFor();
  await browser.picture(tab, "live-stale-page");
  await tab.unroute("**/agents");
  const before = await loads(tab);
  await tab.getByRole("button", { name: "Reload" }).click();
  await expect.poll(() => loads(tab), { timeout: 10_000 }).not.toBe(before);
  await tab.getByRole("treeitem").first().waitFor();
});
