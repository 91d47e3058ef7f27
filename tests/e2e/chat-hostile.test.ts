/** A chat full of hostile text, of a tool result without end and a message of one line: nothing runs, nothing leaks. */
import type { Page, Request } from "playwright";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { User } from "@/lib/contract/users";
import { createTestBrowser } from "../support/browser";
import { HOSTILE_MARKDOWN } from "../support/hostile-markdown";
import { type Product, startProduct } from "../support/product";
import { insertChat, insertMessage } from "../support/rows";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";

const browser = await createTestBrowser();
const product: Product = await startProduct();
const call = createAdministrator(product);
const page: Page = await browser.open();
let sql: Sql;
let ownerId: string;
afterAll(() => product.stop());

const conversation = () => page.getByLabel("Conversation").filter({ visible: true });
const composer = () => page.getByRole("textbox", { name: "Message to the agent" });

/** As many in one message as a model writes at a time. */
const PAYLOADS_A_MESSAGE = 12;
const FIVE_MEGABYTES = "A line of a log that goes on and on. <b>x</b>\n".repeat(115_000);
const ONE_LINE = "x".repeat(1024 * 1024);

beforeAll(async () => {
  ownerId = (await call<User>("GET", "/users/me")).id;
  sql = await openProductDatabase(product);
  await signIn(page, product);
});

async function insertHostileChat(): Promise<string> {
  const chatId = await insertChat(sql, { ownerId, title: HOSTILE_MARKDOWN[0] ?? "" });
  const add = (role: "user" | "assistant" | "tool", parts: unknown[]) =>
    insertMessage(sql, { chatId, role, createdBy: role === "user" ? ownerId : undefined, parts: parts as never });
  for (let from = 0; from < HOSTILE_MARKDOWN.length; from += PAYLOADS_A_MESSAGE) {
    const text = HOSTILE_MARKDOWN.slice(from, from + PAYLOADS_A_MESSAGE).join("\n\n");
    await add("user", [{ type: "text", text }]);
    await add("assistant", [
      { type: "reasoning", text },
      { type: "text", text },
      { type: "tool-call", tool_call_id: `h${from}`, tool_name: `x__${text.slice(0, 40)}`, args: { html: text } },
      { type: "tool-call", tool_call_id: `p${from}`, tool_name: "propose_plan", args: { plan: text } },
      ...HOSTILE_MARKDOWN.slice(from, from + 3).map((url) => ({ type: "source", url, title: url })),
    ]);
    await add("tool", [
      { type: "tool-result", tool_call_id: `h${from}`, tool_name: "x", result: text, is_error: true },
      {
        type: "tool-result",
        tool_call_id: `p${from}`,
        tool_name: "propose_plan",
        result: { approved: true },
        is_error: false,
      },
    ]);
  }
  return chatId;
}

test("150 payloads on one page run nothing, load nothing from elsewhere and cover nothing", async () => {
  expect(HOSTILE_MARKDOWN.length).toBeGreaterThanOrEqual(150);
  const foreign: string[] = [];
  const onRequest = (request: Request) => {
    if (!request.url().startsWith(product.url) && !/^(data|blob):/.test(request.url())) foreign.push(request.url());
  };
  page.on("request", onRequest);
  page.on("dialog", (dialog) => foreign.push(`dialog ${dialog.message()}`));
  const chatId = await insertHostileChat();
  await page.goto(`${product.url}/agents/${chatId}`);
  await conversation().waitFor();
  const seen = new Set<string>();
  for (let top = 0; ; top += 700) {
    for (const problem of await conversation().evaluate(findProblems)) seen.add(problem);
    const isAtTop = await conversation().evaluate((box) => {
      const before = box.scrollTop;
      box.scrollTop -= 700;
      return Math.abs(box.scrollTop - before) < 1;
    });
    if (isAtTop) break;
    expect(top).toBeLessThan(500_000);
  }
  await browser.picture(page, "chat-hostile");
  expect([...seen]).toEqual([]);
  expect(await page.evaluate(() => "pwned" in window)).toBe(false);
  expect(foreign).toEqual([]);
  await expectUsable();
  page.off("request", onRequest);
});

test("a tool result of 5 MB and a message of one line of 1 MB open, and the page stays usable", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Without end" });
  const callPart = { type: "tool-call", tool_call_id: "c", tool_name: "execute", args: { command: "yes" } } as const;
  const result = { output: FIVE_MEGABYTES, exit_code: 0 };
  await insertMessage(sql, { chatId, role: "user", createdBy: ownerId, parts: [{ type: "text", text: ONE_LINE }] });
  await insertMessage(sql, { chatId, parts: [{ type: "text", text: ONE_LINE }, callPart] });
  await insertMessage(sql, {
    chatId,
    role: "tool",
    parts: [{ type: "tool-result", tool_call_id: "c", tool_name: "execute", result, is_error: false }],
  });
  await page.goto(`${product.url}/agents/${chatId}`);
  await conversation().getByText("Ran").waitFor();
  expect(await page.evaluate(() => document.querySelectorAll("*").length)).toBeLessThan(5_000);
  await browser.picture(page, "chat-without-end");
  await expectUsable();
});

async function expectUsable(): Promise<void> {
  await composer().fill("Still here.");
  expect(await composer().inputValue()).toBe("Still here.");
  await composer().fill("");
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
}

/** What may never be in a conversation. Runs in the page. */
function findProblems(box: Element): string[] {
  const problems: string[] = [];
  const forbidden =
    "script,iframe,object,embed,base,meta,link,style,form:not(:has([type=radio])),video,audio,picture,marquee,template";
  for (const element of box.querySelectorAll(forbidden)) problems.push(`<${element.localName}>`);
  for (const element of box.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) problems.push(`${name}=${value}`);
      if (name === "style" && /url\(|fixed/i.test(value)) problems.push(`style=${value}`);
      if ((name === "src" || name === "srcset" || name === "poster") && !value.startsWith("/"))
        problems.push(`${name}=${value}`);
      if (name === "href" && !/^(https?:|mailto:|\/|#)/.test(value)) problems.push(`href=${value}`);
    }
  }
  const hidden = /[\u200b\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u.exec(box.textContent ?? "");
  if (hidden) problems.push(`hidden U+${hidden[0].codePointAt(0)?.toString(16)}`);
  return problems;
}
