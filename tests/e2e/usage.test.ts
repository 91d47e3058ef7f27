/** The pages of money as people see them: their boxes, their words, and that everybody can use them. */
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rebuildCostDays } from "@/db/queries/cost-verification";
import { violations } from "../support/axe";
import { createTestBrowser, DESKTOP, PHONE } from "../support/browser";
import { ADMINISTRATOR, startProduct } from "../support/product";
import { insertChat, insertModelConfig, insertUser } from "../support/rows";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";

const browser = await createTestBrowser();
const product = await startProduct();
const sql = await openProductDatabase(product);
const page = await browser.open();
afterAll(async () => {
  await sql.end();
  await product.stop();
});

const PAGES = {
  "my-usage": "/agents/analytics",
  "admin-usage": "/admin/usage",
  "admin-limits": "/admin/limits",
  "admin-insights": "/admin/insights",
} as const;

let mine = "";
let grace = "";

/** Thirty days of one person: a priced model and one without a price. */
async function spend(ownerId: string, titles: readonly string[]): Promise<string> {
  const [priced, unpriced] = [await insertModelConfig(sql), await insertModelConfig(sql)];
  await sql`UPDATE chat_model_configs SET display_name = 'Local model' WHERE id = ${unpriced}`;
  let chatId = "";
  for (const title of titles) {
    chatId = await insertChat(sql, { ownerId, title });
    await sql`
      INSERT INTO model_calls (chat_id, root_chat_id, owner_id, kind, model_config_id, provider, model, input_tokens,
        output_tokens, cache_read_tokens, cache_creation_tokens, cost_micros, created_at)
      SELECT ${chatId}, ${chatId}, ${ownerId}, (CASE WHEN n % 9 = 0 THEN 'compaction' ELSE 'step' END)::model_call_kind,
        CASE WHEN n % 17 = 0 THEN ${unpriced}::uuid ELSE ${priced}::uuid END, 'openai-compat', 'test-model',
        1000 + n * 37, 200 + n, n * 950, n * 40, CASE WHEN n % 17 = 0 THEN NULL ELSE 40000 + n * 1234 END,
        now() - n * interval '7 hours'
      FROM generate_series(1, 100) n`;
  }
  await sql`
    INSERT INTO chat_diff_statuses (chat_id, url, pull_request_state, pull_request_title, pr_number,
      pull_request_created_at, pull_request_merged_at)
    VALUES (${chatId}, ${`https://git.example/pull/${chatId}`}, 'merged', 'Retry the payment once', 7,
      now() - interval '3 days', now() - interval '2 days')`;
  return chatId;
}

beforeAll(async () => {
  const [administrator] = await sql<{ id: string }[]>`SELECT id FROM users WHERE email = ${ADMINISTRATOR.email}`;
  await signIn(page, product, PAGES["my-usage"]);
  await page.getByText("Nothing was spent in this range").waitFor();
  await picture("empty");
  mine = await spend(administrator?.id ?? "", ["Fix the flaky payment test", "Read the logs of last night"]);
  grace = await insertUser(sql, { username: "grace" });
  await spend(grace, ["Make the report quicker"]);
  await rebuildCostDays(sql);
  await sql`INSERT INTO usage_limits (spend_limit_micros, period) VALUES (25000000, 'month')`;
});

const picture = (name: string, of: Page = page) => browser.picture(of, `usage-${name}`);

const box = (of: Locator) => of.evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);

test.each([
  ["My usage", () => PAGES["my-usage"]],
  ["one person", () => `${PAGES["admin-usage"]}?user=${grace}`],
])("six cards, chart and tables of %s stand at least 24 px apart", async (_name, path) => {
  for (const of of [page, await browser.open({ like: page, ...PHONE })]) {
    await of.goto(product.url + path());
    const cards = of.getByRole("group", { name: "Totals" }).or(of.locator('[aria-label="Totals"]')).first();
    for (const name of ["Total Cost", "Input", "Output", "Cache Read", "Cache Write", "Messages"]) {
      await cards.getByText(name, { exact: true }).waitFor();
    }
    const parts = of.locator("[data-cost-view] > *");
    const boxes: DOMRect[] = [];
    for (let index = 0; index < (await parts.count()); index++) boxes.push(await box(parts.nth(index)));
    expect(boxes.length).toBeGreaterThanOrEqual(5);
    const gaps = boxes.slice(1).map(({ top }, index) => top - (boxes[index]?.bottom ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(24);
    const [byModel, byChat] = [of.getByRole("table").nth(0), of.getByRole("table").nth(1)];
    const lowest = (await box(cards)).bottom;
    expect((await box(byModel)).top - lowest).toBeGreaterThanOrEqual(24);
    expect((await box(byChat)).top - (await box(byModel)).bottom).toBeGreaterThanOrEqual(24);
    if (of !== page) await of.context().close();
  }
});

test("a page comes whole: no skeleton goes before its figures, and an icon is one element with a text in it", async () => {
  for (const path of [PAGES["my-usage"], PAGES["admin-usage"]]) {
    const html = await (await page.request.get(product.url + path)).text();
    expect(html).toMatch(/<dd title="\$[\d.]+"/);
    expect(html).not.toMatch(/<template id="B:|\$RC\(/);
    expect(html).toMatch(/<svg viewBox="0 0 24 24" aria-hidden="true" class="lucide lucide-coins"><path d=/);
  }
});

test("a page that failed in the server is there once one tries again and nothing fails", async () => {
  // Not one whose errors fail the test.
  const failed = await page.context().newPage();
  await sql`ALTER TABLE cost_days RENAME TO away`;
  try {
    await failed.goto(product.url + PAGES["my-usage"]);
    await failed.getByText("The page did not load").waitFor();
  } finally {
    await sql`ALTER TABLE away RENAME TO cost_days`;
  }
  const again = failed.getByRole("button", { name: "Try again" });
  await expect
    .poll(async () => {
      if (await again.isVisible()) await again.click();
      return failed.locator('[aria-label="Totals"]').isVisible();
    })
    .toBe(true);
  await failed.close();
});

test("a link of the settings is marked when it is pressed, and again by where one is", async () => {
  await page.goto(product.url + PAGES["admin-usage"]);
  const current = page.getByRole("navigation", { name: "Settings" }).locator("[aria-current=page]");
  const release = Promise.withResolvers<void>();
  await page.route("**/admin/limits*", async (route) => {
    await release.promise;
    await route.continue();
  });
  const link = page.getByRole("link", { name: "Limits" });
  await expect
    .poll(async () => {
      await link.click();
      return current.innerText();
    })
    .toBe("Limits");
  expect(page.url()).toContain("/admin/usage");
  release.resolve();
  await page.waitForURL("**/admin/limits");
  await page.unroute("**/admin/limits*");
  await page.goBack();
  await page.waitForURL("**/admin/usage");
  await expect.poll(() => current.innerText()).toBe("Usage");
});

test("the range stands in the address: presets, days of one's own, and nonsense falls back", async () => {
  await page.goto(product.url + PAGES["my-usage"]);
  const bars = page.getByRole("list", { name: "Days" }).getByRole("listitem");
  await expect.poll(() => bars.count()).toBe(30);
  await page.getByText("7 days", { exact: true }).click();
  await page.waitForURL(/days=7/);
  await expect.poll(() => bars.count()).toBe(7);
  await page.locator('button[aria-haspopup="dialog"]').filter({ hasText: "–" }).click();
  await page.getByLabel("First day").fill("2020-01-02");
  await page.getByLabel("Last day").fill("2020-01-01");
  await page.getByText("The first day is after the last.").waitFor();
  expect(await page.getByRole("button", { name: "Show days" }).isDisabled()).toBe(true);
  await page.getByLabel("Last day").fill("2020-01-03");
  await page.getByRole("button", { name: "Show days" }).click();
  await page.waitForURL(/from=2020-01-02&to=2020-01-03/);
  await page.getByText("Nothing was spent in this range").waitFor();
  await page.goBack();
  await expect.poll(() => bars.count()).toBe(7);
  await page.goto(`${product.url}${PAGES["my-usage"]}?from=2030-01-01&to=2020-01-01`);
  await expect.poll(() => bars.count()).toBe(30);
});

test("ten years are a chart of a hundred bars, not of thousands", async () => {
  const today = new Date().toISOString().slice(0, 10);
  await page.goto(`${product.url}${PAGES["my-usage"]}?from=2017-01-01&to=${today}`);
  const bars = page.getByRole("list", { name: "Days" }).getByRole("listitem");
  await bars.first().waitFor({ state: "attached" });
  const count = await bars.count();
  expect([count > 60, count <= 120]).toEqual([true, true]);
  await picture("ten-years");
});

test.each([10, 30])("the days under a chart of %i stand below their bars, side by side", async (count) => {
  const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  const path = `${PAGES["my-usage"]}?from=${dayAgo(count - 1)}&to=${dayAgo(0)}`;
  for (const of of [page, await browser.open({ like: page, ...PHONE })]) {
    await of.goto(product.url + path);
    const bars = of.getByRole("list", { name: "Days" }).getByRole("listitem");
    await expect.poll(() => bars.count()).toBe(count);
    const { words, middles } = await of.locator("[data-days]").evaluate((axis) => {
      const middle = ({ left, right }: DOMRect) => (left + right) / 2;
      const items = [...document.querySelectorAll('[aria-label="Days"] > li')];
      const shown = [...axis.children].map((word) => word.getBoundingClientRect()).filter(({ width }) => width > 0);
      return {
        words: shown.map((box) => ({ left: box.left, right: box.right, middle: middle(box) })),
        middles: items.map((item) => middle(item.getBoundingClientRect())),
      };
    });
    expect(words.length).toBeGreaterThanOrEqual(3);
    for (const word of words)
      expect(Math.min(...middles.map((middle) => Math.abs(middle - word.middle)))).toBeLessThan(1);
    expect(words.slice(1).every(({ left }, index) => left > (words[index]?.right ?? 0))).toBe(true);
    await browser.picture(of, `usage-days-${count}-${of === page ? "desktop" : "phone"}`);
    if (of !== page) await of.context().close();
  }
});

test("a bar says what its day cost, and figures say every digit on hover", async () => {
  await page.goto(product.url + PAGES["my-usage"]);
  const bars = page.getByRole("list", { name: "Days" }).getByRole("listitem");
  // As often as it takes until the page listens.
  await expect
    .poll(async () => {
      for (const index of [19, 20]) await bars.nth(index).hover();
      return bars.nth(20).getByText("Test model").isVisible();
    })
    .toBe(true);
  await picture("chart-hover");
  const total = page.locator('[aria-label="Totals"] [title]').first();
  expect(await total.getAttribute("title")).toMatch(/^\$\d+\.\d{6}$/);
});

test("the export is a file with a row for each chat", async () => {
  await page.goto(product.url + PAGES["my-usage"]);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Export CSV" }).click(),
  ]);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines[0]).toMatch(/^root_chat_id,chat_title,total_cost_micros,/);
  expect(lines).toHaveLength(3);
});

test("a chat's row shows its pull request, opens it, and says what is unpriced", async () => {
  await page.goto(product.url + PAGES["my-usage"]);
  const row = page.getByRole("row").filter({ hasText: "Read the logs of last night" });
  await row.getByText("Pull request merged").waitFor({ state: "attached" });
  await page.getByText(/messages have no price, so the total is too low/).waitFor();
  await row.getByRole("link").click();
  await page.waitForURL(`**/agents/${mine}`);
});

/** Also what nobody has filled yet, or found nothing. */
const EMPTY = {
  empty: `${PAGES["my-usage"]}?from=2020-01-01&to=2020-01-02`,
  nobody: `${PAGES["admin-usage"]}?q=nobody-is-called-so`,
};

test.each([
  ["desktop", "light", DESKTOP],
  ["desktop", "dark", DESKTOP],
  ["phone", "dark", PHONE],
] as const)("everybody can use the pages: %s, %s", async (size, colorScheme, look) => {
  const of = await browser.open({ like: page, ...look, colorScheme });
  const one = { "one-person": `${PAGES["admin-usage"]}?user=${grace}` };
  for (const [name, path] of Object.entries({ ...PAGES, ...one, ...(size === "phone" && EMPTY) })) {
    await of.goto(product.url + path);
    await of.getByRole("heading", { level: 1 }).waitFor();
    await of.waitForLoadState("networkidle");
    await picture(`${name}-${size}-${colorScheme}`, of);
    expect(await violations(of), name).toEqual([]);
    expect(await of.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(0);
  }
});

test("a person's row opens what they spent, and the way back keeps the search", async () => {
  await page.goto(`${product.url}${PAGES["admin-usage"]}?q=gra&days=7`);
  await page.getByRole("link", { name: "grace" }).first().click();
  await page.getByText("Make the report quicker").waitFor();
  expect(new URL(page.url()).searchParams.get("days")).toBe("7");
  await page.goBack();
  expect(new URL(page.url()).searchParams.get("q")).toBe("gra");
});

test("the Cost tab of a chat shows kinds, steps and the line", async () => {
  await page.goto(`${product.url}/agents/${mine}`);
  await page.getByRole("button", { name: "Open panel" }).click();
  await page.getByRole("tab", { name: "Cost" }).click();
  await page.getByRole("region", { name: "By kind" }).getByText("Compactions").waitFor();
  await page.getByRole("img", { name: /call by call/ }).waitFor();
  await picture("cost-tab");
  expect(await violations(page)).toEqual([]);
});

test("a page asks for its neighbours when they are pointed at, not before", async () => {
  const ahead: string[] = [];
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (searchParams.has("_rsc")) ahead.push(pathname);
  });
  await page.goto(product.url + PAGES["admin-usage"]);
  await page.waitForLoadState("networkidle");
  expect(ahead).toEqual([]);
  await page.getByRole("link", { name: "Limits" }).hover();
  await expect.poll(() => ahead).toContain(PAGES["admin-limits"]);
  expect(ahead).not.toContain(PAGES["admin-insights"]);
});

test("the Cost tab follows an agent that is not idle", async () => {
  await sql`UPDATE chats SET status = 'paused', pause_reason = 'question' WHERE id = ${mine}`;
  await page.goto(`${product.url}/agents/${mine}`);
  await page.getByRole("tab", { name: "Cost" }).click();
  const cost = page.getByRole("region", { name: "Cost of the chat" });
  const calls = cost.getByRole("region", { name: "By kind" }).getByRole("row").filter({ hasText: "Titles" });
  await cost.getByText("Steps", { exact: true }).waitFor();
  expect(await calls.count()).toBe(0);
  await sql`
    INSERT INTO model_calls (chat_id, root_chat_id, owner_id, kind, provider, model, cost_micros)
    SELECT id, id, owner_id, 'title', 'openai-compat', 'test-model', 1000000 FROM chats WHERE id = ${mine}`;
  await rebuildCostDays(sql);
  await calls.waitFor();
  await cost.getByRole("region", { name: "Calls" }).getByText("Title").first().waitFor();
  await sql`UPDATE chats SET status = 'waiting', pause_reason = NULL WHERE id = ${mine}`;
});

test("the limits page offers whoever its address names, and says when nobody waits any more", async () => {
  await sql`UPDATE usage_limits SET spend_limit_micros = 0`;
  const chatId = await insertChat(sql, { ownerId: grace, title: "At the limit" });
  await sql`UPDATE chats SET status = 'paused', pause_reason = 'spend_limit' WHERE id = ${chatId}`;
  await sql`INSERT INTO users (id, email, username)
    SELECT gen_random_uuid(), 'many-' || n || '@example.test', 'many-' || n FROM generate_series(1, 200) n`;
  const last = await insertUser(sql, { username: "zoe" });
  await page.goto(`${product.url}${PAGES["admin-limits"]}?user=${last}`);
  const person = page.getByRole("combobox", { name: "Person" });
  expect(await person.evaluate((element: HTMLSelectElement) => element.selectedOptions[0]?.text)).toBe("zoe");
  const waits = page.getByText("1 agent of grace waits at a spend limit");
  await waits.waitFor();
  await page.getByLabel("Spend limit").first().fill("1000");
  await page.getByRole("button", { name: "Save limit" }).click();
  await page.getByText("Limit saved").waitFor();
  await waits.waitFor({ state: "detached" });
});

test("prices unlike the price list are shown, and adopted by a press; those of long prompts are typed", async () => {
  const call = createAdministrator(product);
  const { id } = await call<{ id: string }>("POST", "/chats/providers", { provider: "anthropic", api_key: "sk-none" });
  const known = await call<{ model: string }[]>("GET", `/chats/providers/${id}/known-models`);
  const model = known[0]?.model ?? "";
  const pricing = { input_price_per_million: "123", output_price_per_million: "7" };
  await call("POST", "/chats/model-configs", { provider_id: id, model, display_name: "Own prices", pricing });
  await page.goto(`${product.url}/admin/models`);
  await page.getByRole("button", { name: "1 model priced unlike the price list" }).click();
  const differences = page.getByRole("region", { name: "Differences from the price list" });
  await differences.getByText("Input: $123.00").waitFor();
  await picture("price-differences");
  expect(await violations(page)).toEqual([]);
  await differences.getByRole("button", { name: "Adopt the list's prices for Own prices" }).click();
  await differences.waitFor({ state: "detached" });
  type Config = { display_name: string; pricing: { input_price_per_million: string; tiers: object[] } };
  const own = async () =>
    (await call<Config[]>("GET", "/chats/model-configs")).find((config) => config.display_name === "Own prices");
  await expect.poll(async () => (await own())?.pricing.input_price_per_million).not.toBe("123");

  await page.getByRole("row").filter({ hasText: "Own prices" }).click();
  await page.getByRole("button", { name: "Add prices" }).click();
  const tier = page.getByRole("group", { name: /Long prompts/ }).last();
  await tier.getByLabel("Above").fill("900,000");
  await tier.getByLabel("Input").fill("-1");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("A price is a decimal number").waitFor();
  await picture("long-prompts");
  expect(await violations(page)).toEqual([]);
  await tier.getByLabel("Input").fill("6.25");
  await page.getByRole("button", { name: "Save" }).click();
  await expect
    .poll(async () => (await own())?.pricing.tiers.at(-1))
    .toMatchObject({ above_tokens: 900_000, input_price_per_million: "6.25" });
});
