/** Pull requests in a real Chromium: how soon a diff of 10,000 lines is there, and how soon a merge on the host is an icon. */
import { createHmac, randomUUID } from "node:crypto";
import { type Browser, chromium, type Page } from "playwright";
import type { User } from "@/lib/contract/users";
import { findChromium } from "../../support/browser";
import { createFakeGitHost, type FakeGitHost, type FakePull, type FakeRepository } from "../../support/git-host";
import { type Product, startProduct } from "../../support/product";
import { insertChat } from "../../support/rows";
import { createAdministrator, openProductDatabase, signIn } from "../../support/sign-in";
import { type MainThread, traceMainThread } from "../browser/main-thread";
import { row, taskRow } from "../browser/rows";
import { median, percentile, type Row } from "../stats";

const FILES = 50;
/** Removed and added ones together: 10,000 lines in all files. */
const CHANGED_LINES = 200;
const ROUNDS = 7;
const SECRET = "secret of the bench's webhook";

type Followed = { chatId: string; title: string; pull: FakePull; repository: FakeRepository };
type Bench = { browser: Browser; page: Page; product: Product; host: FakeGitHost; followed: readonly Followed[] };

export async function measureGitPanel(): Promise<Row[]> {
  const host = createFakeGitHost();
  await host.listen();
  const product = await startProduct({
    env: {
      LOG_LEVEL: "error",
      SLIPWAY_EXTERNAL_AUTH_0_TYPE: "github",
      SLIPWAY_EXTERNAL_AUTH_0_API_BASE_URL: host.apiBaseUrl,
      SLIPWAY_EXTERNAL_AUTH_0_TOKEN: "token",
      SLIPWAY_EXTERNAL_AUTH_0_WEBHOOK_SECRET: SECRET,
    },
  });
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-gpu"] });
  try {
    const followed = await follow(product, host);
    const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    // The runner's compiler calls it in every function with a name, in those that run in the page too.
    await page.addInitScript("globalThis.__name = (value) => value");
    await signIn(page, product);
    const bench = { browser, page, product, host, followed };
    return [...(await measureOpening(bench)), ...(await measureMerging(bench))];
  } finally {
    await browser.close();
    await product.stop();
    await host.close();
  }
}

/** Chats with an open pull request each, seen once. */
async function follow(product: Product, host: FakeGitHost): Promise<Followed[]> {
  const call = createAdministrator(product);
  const { id: ownerId } = await call<User>("GET", "/users/me");
  const sql = await openProductDatabase(product);
  const followed: Followed[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const title = `Agent number ${n}`;
    const repository = host.repository("acme", `app${n}`);
    const pull = host.open(repository, { branch: "slipway/fix", title, diff: diffOf(n) });
    const chatId = await insertChat(sql, { ownerId, title });
    const git_remote_origin = `${new URL(host.apiBaseUrl).origin}/acme/app${n}.git`;
    await call("PUT", `/chats/${chatId}/git-reference`, { git_branch: "slipway/fix", git_remote_origin });
    followed.push({ chatId, title, pull, repository });
  }
  await sql.end();
  return followed;
}

/** TypeScript, so that it is coloured, in hunks of ten lines as people change files. */
function diffOf(seed: number): string {
  const hunk = (at: number) =>
    `@@ -${at},13 +${at},13 @@ export function step${at}(input: Input): Output {\n${Array.from({ length: 5 }, (_, line) => `-  const before${line} = read(input, "${seed}.${at}.${line}"); // as it was\n+  const after${line} = await readAll(input, { key: "${seed}.${at}.${line}", limit: ${line} });\n`).join("")}   return before0;\n }\n \n`;
  const file = (index: number) => {
    const path = `src/part${index}/step.ts`;
    const hunks = Array.from({ length: CHANGED_LINES / 10 }, (_, n) => hunk(1 + n * 40));
    return `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks.join("")}`;
  };
  return Array.from({ length: FILES }, (_, index) => file(index)).join("");
}

/** From the press on the chip to the first coloured frame of lines: the answer of the git host is part of it. */
async function measureOpening({ browser, page, product, followed }: Bench): Promise<Row[]> {
  const opened: MainThread<number>[] = [];
  const scrolled: MainThread<void>[] = [];
  const answers: number[] = [];
  for (const { chatId } of followed) {
    await page.goto(`${product.url}/agents/${chatId}`);
    await page.getByRole("button", { name: /#\d/ }).waitFor();
    // The page has come to rest: its own start is not what is measured.
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    opened.push(await traceMainThread({ browser, page }, () => page.evaluate(openDiff)));
    scrolled.push(await traceMainThread({ browser, page }, () => page.evaluate(scrollDiff)));
    answers.push(await page.evaluate(askForDiff, chatId));
    await page.getByRole("button", { name: "Close panel" }).first().click();
  }
  // The first one fetches the panel's code.
  const warm = opened.slice(1);
  const lines = (FILES * CHANGED_LINES).toLocaleString("en");
  return [
    row(`diff of ${lines} lines: press to lines, median`, {
      value: median(warm.map(({ result }) => result)),
      unit: "ms",
      limit: 300,
      floor: { what: "the answer alone", value: median(answers) },
    }),
    taskRow("while it opens", warm),
    taskRow("while it is scrolled through", scrolled),
  ];
}

/** Runs in the page. */
async function openDiff(): Promise<number> {
  const frame = () => new Promise<number>(requestAnimationFrame);
  const chip = [...document.querySelectorAll("button")].find((button) => /#\d+$/.test(button.innerText.trim()));
  const startedAt = performance.now();
  chip?.click();
  while (!document.querySelector("[data-diff-line]")) {
    if (performance.now() - startedAt > 30_000) throw new Error("No line of the diff was drawn.");
    await frame();
  }
  await frame();
  return performance.now() - startedAt;
}

/** Runs in the page: the same answer, read and not drawn. */
async function askForDiff(chatId: string): Promise<number> {
  const startedAt = performance.now();
  await (await fetch(`/api/experimental/chats/${chatId}/diff`)).text();
  return performance.now() - startedAt;
}

/** Runs in the page: forty screens, each drawn. */
async function scrollDiff(): Promise<void> {
  const viewer = document.querySelector<HTMLElement>("[role=group][aria-keyshortcuts]");
  for (let screen = 0; screen < 40 && viewer; screen++) {
    viewer.scrollTop += viewer.clientHeight;
    await new Promise<number>(requestAnimationFrame);
  }
}

/** From the webhook of a merge leaving the host to the icon's words in the sidebar. */
async function measureMerging({ page, product, host, followed }: Bench): Promise<Row[]> {
  await page.goto(`${product.url}/agents`);
  await page
    .getByRole("treeitem")
    .nth(ROUNDS - 1)
    .waitFor();
  const delays: number[] = [];
  for (const { chatId, pull, repository } of followed) {
    host.change(pull, { state: "closed", merged: true });
    const seenAt = page.evaluate(waitForMerged, chatId);
    const sentAt = Date.now();
    await deliverMerge(product, { pull, repository });
    delays.push((await seenAt) - sentAt);
  }
  return [
    row("webhook of a merge to the icon in the browser, median", { value: median(delays), unit: "ms", limit: 500 }),
    row("… slowest of them", { value: percentile(delays, 1), unit: "ms", limit: 1_000 }),
  ];
}

/** Runs in the page: the time when the row says so. */
async function waitForMerged(chatId: string): Promise<number> {
  const isMerged = () =>
    document.querySelector(`[data-chat-id="${chatId}"]`)?.textContent?.includes("Pull request merged");
  for (const startedAt = Date.now(); !isMerged(); ) {
    if (Date.now() - startedAt > 30_000) throw new Error("The merge was not shown.");
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return Date.now();
}

async function deliverMerge(product: Product, { pull, repository }: Pick<Followed, "pull" | "repository">) {
  const full_name = `${repository.owner}/${repository.name}`;
  const head = { ref: pull.head.ref, repo: { full_name } };
  const payload = {
    action: "closed",
    number: pull.number,
    repository: { full_name },
    pull_request: { number: pull.number, head },
  };
  const body = JSON.stringify(payload);
  const response = await fetch(`${product.url}/api/experimental/webhooks/github`, {
    method: "POST",
    body,
    headers: {
      "x-github-event": "pull_request",
      "x-github-delivery": randomUUID(),
      "x-hub-signature-256": `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`,
    },
  });
  if (response.status !== 202) throw new Error(`The webhook was answered with ${response.status}.`);
}
