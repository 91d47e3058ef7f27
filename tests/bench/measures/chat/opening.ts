/** A long chat: opened, scrolled, left for another one and opened again. */
import type { Page } from "playwright";
import { traceMainThread } from "../../browser/main-thread";
import { row, taskRow } from "../../browser/rows";
import { median, percentile, type Row } from "../../stats";
import type { ChatBench } from "./chat-page";

const OPENINGS = 5;
const SCROLLED_FRAMES = 240;
/** The first visit of each chat is not from the cache. */
const SWITCHES = 12;

export async function measureOpening(bench: ChatBench, chatId: string): Promise<Row[]> {
  const { page, product } = bench;
  const open = () => openPage(page, `${product.url}/agents/${chatId}`);
  // From the second visit on the browser has the compiled scripts.
  await open();
  const rounds = [];
  for (let round = 0; round < OPENINGS; round++) rounds.push(await traceMainThread(bench, open));
  const elements = await countElements(page);
  const floorMs: number[] = [];
  for (let round = 0; round <= OPENINGS; round++) floorMs.push(await openPage(page, `${product.url}/settings`));
  return [
    row("10,000 messages: response to first paint", {
      value: median(rounds.map(({ result }) => result)),
      unit: "ms",
      limit: 300,
      floor: { what: "the settings", value: median(floorMs.slice(1)) },
    }),
    taskRow("of opening", rounds),
    row("… elements", { value: elements, unit: "", limit: 6_000 }),
  ];
}

/** From the response's first byte to the first paint, in milliseconds; returns when the page has come to rest. */
async function openPage(page: Page, address: string): Promise<number> {
  // Until the page's load event; a locator's search would be a task of the page.
  await page.goto(address);
  return page.evaluate(async () => {
    // Hydration is over when the main thread has nothing to do for a while; the page's stream never ends.
    for (let idle = 0; idle < 5; idle++) await new Promise((resolve) => requestIdleCallback(resolve));
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return (paint?.startTime ?? Number.NaN) - (navigation?.responseStart ?? 0);
  });
}

const countElements = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll("*").length);

export async function measureScrolling(bench: ChatBench, chatId: string): Promise<Row[]> {
  const { page, product } = bench;
  await page.goto(`${product.url}/settings`);
  await page.evaluate(showPlainText);
  const plain = await page.locator("[data-plain]").evaluate(scrollUp, SCROLLED_FRAMES);
  await openPage(page, `${product.url}/agents/${chatId}`);
  const conversation = page.getByLabel("Conversation").filter({ visible: true });
  const round = await traceMainThread(bench, () => conversation.evaluate(scrollUp, SCROLLED_FRAMES));
  const frames = (share: number) => ({
    value: percentile(round.result, share),
    floor: { what: "plain text", value: percentile(plain, share) },
    unit: "ms" as const,
  });
  return [
    row("scrolling up: median frame", { ...frames(0.5), limit: 17.5 }),
    row("… 95th frame", { ...frames(0.95), limit: 34 }),
    taskRow("of scrolling", [round]),
    row("… CPU of the main thread a frame", {
      value: round.totalCpuMs / SCROLLED_FRAMES,
      unit: "ms",
      limit: 1000 / 60,
    }),
    row("… elements afterwards", { value: await countElements(page), unit: "", limit: 12_000 }),
  ];
}

/** Runs in the page: what nobody could scroll faster. */
function showPlainText(): void {
  const box = document.createElement("pre");
  box.dataset.plain = "";
  box.style.cssText = "position:fixed;inset:0;overflow:auto;background:#fff;color:#000";
  box.textContent = Array.from({ length: 5_000 }, (_, index) => `Line ${index} of plain text`).join("\n");
  document.body.append(box);
  box.scrollTop = box.scrollHeight;
}

/** Runs in the page: a fast wheel; the time from frame to frame. */
async function scrollUp(box: Element, frames: number): Promise<number[]> {
  const durations: number[] = [];
  let last = await new Promise<number>(requestAnimationFrame);
  for (let frame = 0; frame < frames; frame++) {
    box.scrollTop -= 60;
    const now = await new Promise<number>(requestAnimationFrame);
    durations.push(now - last);
    last = now;
  }
  return durations;
}

export async function measureSwitching(bench: ChatBench, chatIds: readonly string[]): Promise<Row[]> {
  const { page } = bench;
  let listRequests = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/experimental/chats") listRequests += 1;
  });
  const visitAll = async () => {
    const times: number[] = [];
    for (let visit = 1; visit <= SWITCHES; visit++) {
      times.push(await switchTo(page, chatIds[visit % chatIds.length] ?? ""));
    }
    return times;
  };
  // A trace costs time of its own, so tasks are looked at in a second walk.
  const times = await visitAll();
  const round = await traceMainThread(bench, visitAll);
  return [
    row("switching between two chats, median", {
      value: median(times.slice(chatIds.length)),
      unit: "ms",
      limit: 100,
    }),
    taskRow("of switching", [round]),
    row("… requests for the list meanwhile", { value: listRequests, unit: "", limit: 0 }),
  ];
}

/** From the press of a real pointer on a row until the browser presented the frame with the other chat, in milliseconds. */
async function switchTo(page: Page, chatId: string): Promise<number> {
  const box = await page.locator(`[role=treeitem][data-chat-id="${chatId}"]`).boundingBox();
  if (!box) throw new Error(`No row of the sidebar leads to ${chatId}.`);
  // A hand is on the row before it presses.
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.evaluate(watchSwitch, chatId);
  await page.mouse.down();
  await page.mouse.up();
  return page.evaluate(() => (window as unknown as Switching).switched);
}

type Switching = Window & { switched: Promise<number> };

/**
 * Runs in the page. The browser itself says when it presented the element that it is asked to time, which adds no frame
 * to what a person waits for. The transcript and its title come in one commit; the title is what both chats have.
 */
async function watchSwitch(chatId: string): Promise<void> {
  const link = document.querySelector<HTMLAnchorElement>(`[role=treeitem][data-chat-id="${chatId}"]`);
  const title = link?.querySelector("bdi")?.textContent;
  const pressed = new Promise<number>((resolve) =>
    link?.addEventListener("click", (event) => resolve(event.timeStamp), { capture: true, once: true }),
  );
  const presented = new Promise<number>((resolve) => {
    const timing = new PerformanceObserver((entries, observer) => {
      const shown = entries.getEntries().find((entry) => "identifier" in entry && entry.identifier === chatId);
      if (!shown) return;
      observer.disconnect();
      // Made for each visit, and told once for each element: none is left from the last one.
      resolve((shown as PerformanceEntry & { renderTime: number }).renderTime);
    });
    timing.observe({ type: "element" });
  });
  new MutationObserver((_changes, observer) => {
    const heads = [...document.querySelectorAll("main h1")].filter((head) => head.getClientRects().length > 0);
    const isAlone = heads.length === 1 && heads[0]?.textContent === title;
    if (!isAlone || document.querySelector("main [aria-label=Conversation] p") === null) return;
    observer.disconnect();
    heads[0]?.setAttribute("elementtiming", chatId);
  }).observe(document.body, { subtree: true, childList: true });
  // The page answers at once that it watches; what it sees is asked for after the press.
  const switched = Promise.all([pressed, presented]).then(([fromMs, toMs]) => toMs - fromMs);
  Object.assign(window, { switched });
  // The page is at rest before the press, as it is before a person's.
  for (let idle = 0; idle < 3; idle++) await new Promise((resolve) => requestIdleCallback(resolve));
}
