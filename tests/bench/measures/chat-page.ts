/** The chat page in a real Chromium: a chat of 10,000 messages opened, scrolled and left, and a fast answer streamed. */
import { chromium, type Page } from "playwright";
import type { Sql } from "postgres";
import type { Chat } from "@/lib/contract/chats";
import type { User } from "@/lib/contract/users";
import { findChromium } from "../../support/browser";
import { reply } from "../../support/model-reply";
import { startModelServer } from "../../support/model-server";
import { type Product, startProduct } from "../../support/product";
import { insertChat } from "../../support/rows";
import { createAdministrator, openProductDatabase, signIn } from "../../support/sign-in";
import { percentile, type Row } from "../stats";

const MESSAGES = 10_000;
const SCROLLED_FRAMES = 240;
const DELTAS = 1_000;
const SIDEBAR_CHATS = 5_000;
/** 200 a second. */
const DELTA_EVERY_MS = 5;

export async function measureChatPage(): Promise<Row[]> {
  const deltas = Array.from({ length: DELTAS }, (_, index) => `word${index} `);
  const model = await startModelServer({ script: reply.text(deltas, { delayMs: DELTA_EVERY_MS }) });
  const product = await startProduct({ env: { LOG_LEVEL: "error" } });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const call = createAdministrator(product);
    const provider = await call<{ id: string }>("POST", "/chats/providers", {
      provider: "openai-compat",
      base_url: `${model.url}/v1`,
    });
    await call("POST", "/chats/model-configs", { provider_id: provider.id, model: "scripted" });
    const sql = await openProductDatabase(product);
    const { id: ownerId } = await call<User>("GET", "/users/me");
    const longId = await insertLongChat(sql, ownerId);
    const shortId = await insertChat(sql, { ownerId, title: "A short one" });
    await sql.end();
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await page.addInitScript(recordLongTasks);
    await signIn(page, product);
    return [
      ...(await measureOpening(page, `${product.url}/agents/${longId}`)),
      ...(await measureScrolling(page)),
      ...(await measureSwitching(page, [longId, shortId])),
      ...(await measureDeltas(page, product)),
      ...(await measureSidebar(page, product, ownerId)),
    ];
  } finally {
    await browser.close();
    await product.stop();
    await model.close();
  }
}

async function insertLongChat(sql: Sql, ownerId: string): Promise<string> {
  const chatId = await insertChat(sql, { ownerId, title: "Ten thousand messages" });
  const text = "What was **read**, what was `changed` and why, in a paragraph of a few lines.\n\n- one\n- two\n";
  await sql`
    INSERT INTO chat_messages (chat_id, role, visibility, content, content_version, created_by)
    SELECT ${chatId}, (CASE WHEN n % 8 = 0 THEN 'user' ELSE 'assistant' END)::message_role, 'both',
      jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'Row ' || n || '. ' || repeat(${text}, 1 + n % 4))), 1,
      CASE WHEN n % 8 = 0 THEN ${ownerId}::uuid END
    FROM generate_series(1, ${MESSAGES}) AS n ORDER BY n`;
  return chatId;
}

async function measureOpening(page: Page, address: string): Promise<Row[]> {
  await page.goto(address);
  await page.goto(address);
  await page.getByLabel("Conversation").waitFor();
  await page.waitForLoadState("networkidle");
  const { paintMs, nodes, scriptKb } = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    const scripts = (performance.getEntriesByType("resource") as PerformanceResourceTiming[]).filter(({ name }) =>
      name.includes(".js"),
    );
    return {
      paintMs: (paint?.startTime ?? Number.NaN) - (navigation?.responseStart ?? 0),
      nodes: document.querySelectorAll("*").length,
      scriptKb: scripts.reduce((sum, script) => sum + script.encodedBodySize, 0) / 1024,
    };
  });
  return [
    row("10,000 messages: response to first paint", { value: paintMs, unit: "ms", limit: 300 }),
    row("… longest task while opening", { value: await longestTask(page), unit: "ms", limit: 50 }),
    row("… elements", { value: nodes, unit: "", limit: 6_000 }),
    row("… scripts, compressed", { value: scriptKb, unit: "KB", limit: 350 }),
  ];
}

async function measureScrolling(page: Page): Promise<Row[]> {
  await page.evaluate(() => Object.assign(window, { longTasks: [] }));
  const frames = await page.getByLabel("Conversation").evaluate(async (box, count) => {
    const durations: number[] = [];
    let last = await new Promise<number>(requestAnimationFrame);
    for (let frame = 0; frame < count; frame++) {
      box.scrollTop -= 60;
      const now = await new Promise<number>(requestAnimationFrame);
      durations.push(now - last);
      last = now;
    }
    return durations;
  }, SCROLLED_FRAMES);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  return [
    row("scrolling up: median frame", { value: percentile(frames, 0.5), unit: "ms", limit: 17.5 }),
    row("… 95th frame", { value: percentile(frames, 0.95), unit: "ms", limit: 34 }),
    row("… longest task", { value: await longestTask(page), unit: "ms", limit: 50 }),
    row("… elements afterwards", { value: nodes, unit: "", limit: 12_000 }),
  ];
}

/** From the press on a chat that was open before to its first drawn frame. */
async function measureSwitching(page: Page, chatIds: readonly string[]): Promise<Row[]> {
  const times: number[] = [];
  let listRequests = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/experimental/chats") listRequests += 1;
  });
  for (let round = 0; round < 7; round++) {
    const chatId = chatIds[(round + 1) % chatIds.length];
    const ms = await page.evaluate(async (id) => {
      const link = document.querySelector<HTMLAnchorElement>(`a[href$="/agents/${id}"]`);
      const title = link?.textContent ?? "";
      const startedAt = performance.now();
      link?.click();
      while (!title.includes(document.querySelector("main h1, header h1")?.textContent ?? "\0")) {
        await new Promise(requestAnimationFrame);
      }
      return performance.now() - startedAt;
    }, chatId);
    times.push(ms);
  }
  // The first visit of each is not from the cache.
  return [
    row("switching between two chats, median", { value: percentile(times.slice(2), 0.5), unit: "ms", limit: 100 }),
    row("… requests for the list meanwhile", { value: listRequests, unit: "", limit: 0 }),
  ];
}

async function measureDeltas(page: Page, product: Product): Promise<Row[]> {
  const chat = await createAdministrator(product)<Chat>("POST", "/chats", { content: "Say a lot." });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await page.getByText("word9").first().waitFor();
  await page.evaluate(() => Object.assign(window, { longTasks: [] }));
  await page
    .getByText(`word${DELTAS - 1}`)
    .first()
    .waitFor({ timeout: 60_000 });
  return [row("200 deltas a second: longest task", { value: await longestTask(page), unit: "ms", limit: 50 })];
}

/** A list with everything loaded: what one event from elsewhere changes in it, and how long that holds the page up. */
async function measureSidebar(page: Page, product: Product, ownerId: string): Promise<Row[]> {
  const sql = await openProductDatabase(product);
  await sql`
    WITH made AS (
      INSERT INTO chats (id, owner_id, title, status, updated_at)
      SELECT gen_random_uuid(), ${ownerId}, 'Agent ' || n, 'waiting', now() - n * interval '1 minute'
      FROM generate_series(1, ${SIDEBAR_CHATS}) AS n RETURNING id)
    INSERT INTO chat_runs (chat_id) SELECT id FROM made`;
  const [changed] = await sql<{ id: string }[]>`SELECT id FROM chats WHERE title = ${`Agent ${SIDEBAR_CHATS / 2}`}`;
  await sql.end();
  await page.goto(`${product.url}/agents`);
  const rows = page.getByRole("treeitem");
  const more = page.getByRole("button", { name: "Show more" });
  for (let shown = await rows.count(); await more.isVisible(); shown = await rows.count()) {
    await more.click();
    await page.waitForFunction(
      (before) =>
        document.querySelectorAll("[role=treeitem]").length > before || !document.body.innerText.includes("Show more"),
      shown,
    );
  }
  const loaded = await rows.count();
  if (loaded < SIDEBAR_CHATS) throw new Error(`Only ${loaded} of ${SIDEBAR_CHATS} chats are in the sidebar.`);
  await page.evaluate(watchRows);
  await createAdministrator(product)("PATCH", `/chats/${changed?.id}`, { title: "Renamed elsewhere" });
  await rows.filter({ hasText: "Renamed elsewhere" }).waitFor();
  const touched = await page.evaluate(() => (window as unknown as { touchedRows: Set<string> }).touchedRows.size);
  return [
    row(`${SIDEBAR_CHATS.toLocaleString("en")} chats in the sidebar: rows that an update changes`, {
      value: touched,
      unit: "",
      limit: 1,
    }),
    row("… longest task of it", { value: await longestTask(page), unit: "ms", limit: 50 }),
  ];
}

/** Runs in the page: notes which rows of the list change from now on. */
function watchRows(): void {
  const touchedRows = new Set<string>();
  Object.assign(window, { touchedRows, longTasks: [] });
  const rowOf = (node: Node) =>
    (node instanceof Element ? node : node.parentElement)?.closest<HTMLElement>("[data-chat-id]")?.dataset.chatId;
  const tree = document.querySelector("[role=tree]");
  if (!tree) throw new Error("The sidebar has no tree.");
  new MutationObserver((changes) => {
    for (const { target } of changes) touchedRows.add(rowOf(target) ?? "outside");
  }).observe(tree, { subtree: true, childList: true, characterData: true, attributes: true });
}

type Measured = { value: number; unit: Row["unit"]; limit: number };

const row = (what: string, { value, unit, limit }: Measured): Row => ({
  what,
  value,
  unit,
  floor: null,
  target: `≤ ${limit.toLocaleString("en")}${unit && ` ${unit}`}`,
  met: value <= limit,
});

/** Runs in the page, before anything else. */
function recordLongTasks(): void {
  const tasks: number[] = [];
  Object.assign(window, { longTasks: tasks });
  new PerformanceObserver((list) => {
    const { longTasks } = window as unknown as { longTasks: number[] };
    for (const entry of list.getEntries()) longTasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
}

/** 0 when no task was longer than 50 ms, which is what the browser calls long. */
const longestTask = (page: Page): Promise<number> =>
  page.evaluate(() => Math.max(0, ...(window as unknown as { longTasks: number[] }).longTasks));
