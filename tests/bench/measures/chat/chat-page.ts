/**
 * The chat page in a real Chromium: a chat of 10,000 messages opened, scrolled and left, a fast answer streamed, and a
 * sidebar with everything loaded. Tasks count by their CPU time; frames and first paint stand beside a plain page's.
 */
import { type Browser, chromium, type Page } from "playwright";
import type { Sql } from "postgres";
import type { User } from "@/lib/contract/users";
import { findChromium } from "../../../support/browser";
import { reply } from "../../../support/model-reply";
import { startModelServer } from "../../../support/model-server";
import { type Product, startProduct } from "../../../support/product";
import { insertChat } from "../../../support/rows";
import { addScriptedModel } from "../../../support/scripted-provider";
import { createAdministrator, openProductDatabase, signIn } from "../../../support/sign-in";
import { watchRenders } from "../../browser/render-count";
import { formatTable, type Row } from "../../stats";
import { measureOpening, measureScrolling, measureSwitching } from "./opening";
import { DELTA_EVERY_MS, DELTAS, measureDeltas, measureSidebar } from "./updates";

const MESSAGES = 10_000;

export type ChatBench = { browser: Browser; page: Page; product: Product; sql: Sql; ownerId: string };

export async function measureChatPage(): Promise<Row[]> {
  const deltas = Array.from({ length: DELTAS }, (_, index) => `word${index} `);
  const model = await startModelServer({ script: reply.text(deltas, { delayMs: DELTA_EVERY_MS }) });
  const product = await startProduct({ env: { LOG_LEVEL: "error" } });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  const sql = await openProductDatabase(product);
  try {
    const call = createAdministrator(product);
    await addScriptedModel(call, model.url);
    const { id: ownerId } = await call<User>("GET", "/users/me");
    const longId = await insertLongChat(sql, ownerId);
    const shortId = await insertChat(sql, { ownerId, title: "A short one" });
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    // The runner's compiler calls it in every function with a name, in those that run in the page too.
    await page.addInitScript("globalThis.__name = (value) => value");
    await watchRenders(page);
    await signIn(page, product);
    const bench = { browser, page, product, sql, ownerId };
    const rows: Row[] = [];
    for (const measure of [
      () => measureOpening(bench, longId),
      () => measureScrolling(bench, longId),
      () => measureSwitching(bench, [longId, shortId]),
      () => measureDeltas(bench),
      () => measureSidebar(bench),
    ]) {
      const measured = await measure();
      // It takes minutes, and what is known is worth seeing when a later part fails.
      console.error(formatTable(measured));
      rows.push(...measured);
    }
    return rows;
  } finally {
    await sql.end();
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
    SELECT ${chatId}, (CASE WHEN n % 8 = 0 THEN 'user' ELSE 'assistant' END)::chat_message_role, 'both',
      jsonb_build_array(jsonb_build_object('type', 'text', 'text', 'Row ' || n || '. ' || repeat(${text}, 1 + n % 4))), 1,
      CASE WHEN n % 8 = 0 THEN ${ownerId}::uuid END
    FROM generate_series(1, ${MESSAGES}) AS n ORDER BY n`;
  return chatId;
}
