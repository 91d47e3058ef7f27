/** What the agent said is parsed and drawn once: drawing is most of what a page does, and twice is seen as a stutter. */
import type { Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { User } from "@/lib/contract/users";
import { createTestBrowser } from "../support/browser";
import { readProse, watchProse } from "../support/drawn-prose";
import { reply } from "../support/model-reply";
import { startModelServer } from "../support/model-server";
import { startProduct } from "../support/product";
import { insertChat, insertMessage } from "../support/rows";
import { addScriptedModel } from "../support/scripted-provider";
import { createAdministrator, openProductDatabase, signIn } from "../support/sign-in";

const BLOCKS = ["The **first** paragraph.\n\n", "- one\n- two\n\n", "```ts\nconst a = 1;\n```\n\n", "The last one."];
const DELTAS = BLOCKS.flatMap((block) => block.match(/.{1,4}/gs) ?? []);

const model = await startModelServer({ script: reply.text(DELTAS, { delayMs: 40 }) });
const product = await startProduct();
const call = createAdministrator(product);
const browser = await createTestBrowser();
const page: Page = await browser.open();
const sql = await openProductDatabase(product);
let ownerId: string;
afterAll(async () => {
  await sql.end();
  await product.stop();
  await model.close();
});

beforeAll(async () => {
  await addScriptedModel(call, model.url);
  ownerId = (await call<User>("GET", "/users/me")).id;
  await watchProse(page);
  await signIn(page, product);
});

const composer = () => page.getByRole("textbox", { name: "Message to the agent" });

/** Pieces that were drawn more than once. */
const drawnAgain = async () => Object.entries(await readProse(page)).filter(([, times]) => times > 1);

test("a page of the server draws each text once as it comes alive, also a very long one", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Settled" });
  const long = Array.from({ length: 300 }, (_, index) => `Paragraph ${index} of a long answer.`).join("\n\n");
  for (const text of ["The first answer.", "The second answer.", long]) {
    await insertMessage(sql, { chatId, parts: [{ type: "text", text }] });
  }
  await page.goto(`${product.url}/agents/${chatId}`);
  await expect.poll(async () => (await readProse(page))["Paragraph 299 of a long answer."]).toBe(1);
  // Alive: what is typed is there when the page has taken it over.
  await composer().fill("Alive");
  await expect.poll(() => page.getByRole("button", { name: "Send", exact: true }).isEnabled()).toBe(true);
  expect(await drawnAgain()).toEqual([]);
});

test("the end of an answer draws nothing again that was drawn while it came", async () => {
  const chatId = await insertChat(sql, { ownerId, title: "Asked" });
  await page.goto(`${product.url}/agents/${chatId}`);
  await composer().fill("Write it down.");
  await composer().press("Enter");
  await page.getByRole("button", { name: "Copy answer" }).waitFor();
  const drawn = await readProse(page);
  // It was seen to come, not whole at once.
  expect(Object.keys(drawn).length).toBeGreaterThan(BLOCKS.length);
  for (const block of BLOCKS) {
    // Neither alone nor with the rest of the answer.
    const draws = Object.entries(drawn).filter(([text]) => text.includes(block));
    expect(draws, block).toEqual([[block, 1]]);
  }
  // What grows may look as it did before: half of a mark for bold is left out until the other half is there.
  const isOfEnd = ([text]: [string, number]) => !BLOCKS.some((block) => block.startsWith(text));
  expect((await drawnAgain()).filter(isOfEnd)).toEqual([]);
});
