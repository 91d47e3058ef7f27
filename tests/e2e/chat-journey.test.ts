/** A person with an agent: asks and is asked, plans, steers, edits, finds; every card of the seeds, on every screen. */
import axe from "axe-core";
import type { Page } from "playwright";
import type { Sql } from "postgres";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seedDatabase } from "@/db/seed";
import type { Chat } from "@/lib/contract/chats";
import type { Message } from "@/lib/contract/messages";
import { createTestBrowser, DESKTOP, PHONE } from "../support/browser";
import { reply } from "../support/model-reply";
import { byPrompt, byStep } from "../support/model-script";
import { startModelServer } from "../support/model-server";
import { type Product, startProduct } from "../support/product";
import { addScriptedModel } from "../support/scripted-provider";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";

const QUESTION = {
  questions: [
    {
      header: "Sessions",
      question: "Where should sessions live?",
      options: [
        { label: "Database", description: "Survives restarts" },
        { label: "Cookie", description: "Nothing to store" },
      ],
    },
  ],
};

const SKILL = "---\nname: review\ndescription: How changes are reviewed here\n---\nRead the diff twice.\n";
const MAKE_FILES = `mkdir -p skills/review src && printf -- '${SKILL.replaceAll("\n", "\\n")}' > skills/review/SKILL.md && touch src/cart-total.ts`;

const model = await startModelServer({
  script: byPrompt(
    [
      [
        /sign-in/,
        byStep([
          reply.toolCalls([{ name: "ask_user_question", args: QUESTION }]),
          reply.toolCalls([{ name: "propose_plan", args: { plan: "# Sessions\n\n1. One table\n2. One test" } }]),
          reply.text("The sessions live in the database now."),
        ]),
      ],
      [
        /workshop/,
        byStep([
          reply.toolCalls([{ name: "create_workspace", args: {} }]),
          reply.toolCalls([{ name: "execute", args: { command: MAKE_FILES } }]),
          reply.text("The workshop is ready."),
        ]),
      ],
      [/work on/, reply.hang()],
      [/second wording/, reply.text("An answer to the second wording.")],
    ],
    reply.text("An answer to the first wording, with a needle in it."),
  ),
});
const browser = await createTestBrowser();
const product: Product = await startProduct();
const call = createAdministrator(product);
const page: Page = await browser.open();
let sql: Sql;
afterAll(async () => {
  await product.stop();
  await model.close();
});

const composer = (of: Page = page) => of.getByLabel("Message to the agent").filter({ visible: true });
const conversation = (of: Page = page) => of.getByLabel("Conversation").filter({ visible: true });

async function openNew(content: string): Promise<Chat> {
  const chat = await call<Chat>("POST", "/chats", { content });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await conversation().waitFor();
  return chat;
}

beforeAll(async () => {
  await addScriptedModel(call, model.url);
  sql = await openProductDatabase(product);
  await seedDatabase(sql, { force: true });
  await signIn(page, product);
});

test("a question is answered in its card, then the plan is sent back or approved, and the agent goes on", async () => {
  const chat = await openNew("Add sign-in, please.");
  await conversation().getByText("Cookie", { exact: true }).waitFor();
  await browser.picture(page, "chat-asks");
  await conversation().getByText("Database", { exact: true }).click();
  await conversation().getByRole("button", { name: "Answer" }).click();
  await conversation().getByText("Plan: Sessions").waitFor();
  expect(await conversation().getByRole("definition").first().textContent()).toBe("Database");
  await browser.picture(page, "chat-proposes");
  await conversation().getByRole("button", { name: "Approve and run" }).click();
  await conversation().getByText("The sessions live in the database now.").waitFor();
  await conversation().getByText("Approved", { exact: true }).waitFor();
  const { messages } = await call<{ messages: Message[] }>("GET", `/chats/${chat.id}/messages`);
  const outputs = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "tool-result" ? [part.result] : [])),
  );
  expect(outputs).toContainEqual({ approved: true });
});

test("a sent message is edited where it stands: what follows goes, and the agent runs again", async () => {
  await openNew("The first wording");
  await conversation().getByText("An answer to the first wording").waitFor();
  await conversation().getByText("The first wording", { exact: true }).hover();
  await conversation().getByRole("button", { name: "Edit and run again" }).click();
  const field = conversation().getByLabel("Edit your message");
  await field.fill("Not this");
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
  await conversation().getByText("The first wording", { exact: true }).hover();
  await conversation().getByRole("button", { name: "Edit and run again" }).click();
  await field.fill("The second wording");
  await browser.picture(page, "chat-editing");
  await page.keyboard.press("Enter");
  await conversation().getByText("An answer to the second wording.").waitFor();
  expect(await conversation().getByText("An answer to the first wording").count()).toBe(0);
});

test("Ctrl+F finds in the chat, marks the row, and Escape puts it away", async () => {
  await openNew("Say something");
  await conversation().getByText("with a needle in it").waitFor();
  await page.keyboard.press("Control+f");
  await page.getByLabel("Find in this agent").fill("NEEDLE");
  await page.getByRole("search").getByText("1", { exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("search").getByText("1 of 1").waitFor();
  await page.locator("[data-found]").waitFor();
  // All of it is in view: there is no later place to go to.
  expect(await page.getByRole("button", { name: "Jump to latest" }).count()).toBe(0);
  await browser.picture(page, "chat-find");
  await page.keyboard.press("Escape");
  await page.getByLabel("Find in this agent").waitFor({ state: "detached" });
});

test("what waits is moved with the arrow keys and becomes a steer with a press", async () => {
  const chat = await openNew("Please work on it.");
  await page.getByText("Waiting for").first().waitFor();
  const rows = page.getByRole("list", { name: "Queued messages" }).getByRole("listitem");
  for (const text of ["one", "two"]) {
    await composer().fill(text);
    await page.keyboard.press("Enter");
    await rows.filter({ hasText: text }).waitFor();
  }
  await rows.filter({ hasText: "two" }).getByRole("button", { name: /^Move/ }).press("ArrowUp");
  await expect.poll(() => rows.first().textContent()).toContain("two");
  await rows
    .filter({ hasText: "one" })
    .getByRole("button", { name: /^Queue/ })
    .click();
  await rows
    .filter({ hasText: "one" })
    .getByRole("button", { name: /^Steer/ })
    .waitFor();
  await browser.picture(page, "chat-queue-moved");
  const { queued_messages: queue } = await call<{ queued_messages: { delivery: string }[] }>(
    "GET",
    `/chats/${chat.id}/messages`,
  );
  expect(queue.map(({ delivery }) => delivery)).toEqual(["queue", "steer"]);
  await call("POST", `/chats/${chat.id}/interrupt`);
});

test("a slash offers commands, the keys choose one, and clearing is a boundary in the transcript", async () => {
  await openNew("Say something");
  await conversation().getByText("with a needle in it").waitFor();
  await composer().fill("");
  await composer().pressSequentially("/cl");
  const options = page.getByRole("listbox", { name: "Commands" }).getByRole("option");
  await expect.poll(() => options.count()).toBe(1);
  await browser.picture(page, "chat-slash");
  await page.keyboard.press("Enter");
  expect(await composer().inputValue()).toBe("/clear ");
  await page.keyboard.press("Enter");
  await conversation().getByText("Cleared: the model starts afresh here").waitFor();
  expect(await composer().inputValue()).toBe("");
});

test("a slash offers the workspace's skills as well, and an @ its files", async () => {
  await openNew("Set up the workshop.");
  await conversation().getByText("The workshop is ready.").waitFor();
  await composer().pressSequentially("/rev");
  await page.getByRole("option").filter({ hasText: "How changes are reviewed here" }).waitFor();
  await page.keyboard.press("Enter");
  expect(await composer().inputValue()).toBe("/review ");
  await composer().pressSequentially("@carttot");
  await page.getByRole("status").getByText("No such file").waitFor();
  for (let typed = 0; typed < 3; typed++) await page.keyboard.press("Backspace");
  await page.getByRole("option").filter({ hasText: "cart-total.ts" }).waitFor();
  await browser.picture(page, "chat-files");
  await page.keyboard.press("Enter");
  expect(await composer().inputValue()).toBe("/review src/cart-total.ts ");
});

const SCREENS = [
  ["desktop-light", { ...DESKTOP, colorScheme: "light" }],
  ["desktop-dark", { ...DESKTOP, colorScheme: "dark" }],
  ["phone-light", { ...PHONE, colorScheme: "light" }],
  ["phone-dark", { ...PHONE, colorScheme: "dark" }],
] as const;
/** Picture, title, and what comes last on its page. */
const STORIES = [
  ["tools", "Every tool once", ".turn-acts"],
  ["subagents", "Three subagents at once", ".turn-acts"],
  ["prose", "Why is sign-in slow?", "math"],
  ["questions", "Move invoices to cursor paging", "input[type=radio]"],
  ["failed", "Profile the checkout page", "[role=alert]"],
] as const;

test.each(SCREENS)("every card reads well and axe finds nothing: %s", async (screen, options) => {
  const reader = await browser.open({ ...options, like: page });
  for (const [name, title, last] of STORIES) {
    const [chat] = await sql<{ id: string }[]>`SELECT id FROM chats WHERE title = ${title}`;
    await reader.goto(`${product.url}/agents/${chat?.id}`);
    await composer(reader).waitFor();
    await conversation(reader).locator(last).last().waitFor();
    expect(await reader.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
      0,
    );
    await browser.picture(reader, `story-${name}-${screen}`);
    await reader.evaluate(axe.source);
    expect(await findViolations(reader)).toEqual([]);
  }
  await reader.context().close();
});

async function findViolations(of: Page): Promise<string[]> {
  await of.evaluate(axe.source);
  return of.evaluate(async () => {
    const { axe: checker } = window as unknown as { axe: typeof import("axe-core") };
    const { violations } = await checker.run(document.querySelector("main") ?? document, {
      resultTypes: ["violations"],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`);
  });
}
