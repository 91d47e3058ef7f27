/** What the server tells an open page: a fast answer, and news of one of thousands of chats. */
import type { Page } from "playwright";
import type { Chat } from "@/lib/contract/chats";
import { createAdministrator } from "../../../support/sign-in";
import { traceMainThread } from "../../browser/main-thread";
import { readRenders, resetRenders } from "../../browser/render-count";
import { row, taskRow } from "../../browser/rows";
import { median, type Row } from "../../stats";
import type { ChatBench } from "./chat-page";

export const DELTAS = 1_000;
/** 200 a second and a little more, since timers are late. */
export const DELTA_EVERY_MS = 4;
/** Fewer that arrive measure something else. */
const MIN_DELTAS_PER_SECOND = 150;
const SIDEBAR_CHATS = 5_000;
const ANSWER_TIMEOUT_MS = 60_000;

export async function measureDeltas(bench: ChatBench): Promise<Row[]> {
  const { page, product } = bench;
  const chat = await createAdministrator(product)<Chat>("POST", "/chats", { content: "Say a lot." });
  await page.goto(`${product.url}/agents/${chat.id}`);
  await page.getByText("word9").first().waitFor();
  const round = await traceMainThread(bench, async () => {
    const startedAt = performance.now();
    await page
      .getByText(`word${DELTAS - 1}`)
      .first()
      .waitFor({ timeout: ANSWER_TIMEOUT_MS });
    return performance.now() - startedAt;
  });
  const perSecond = (DELTAS - 10) / (round.result / 1000);
  return [
    {
      what: "an answer of 1,000 deltas: deltas a second",
      value: perSecond,
      unit: "/s",
      floor: null,
      target: `≥ ${MIN_DELTAS_PER_SECOND} /s`,
      met: perSecond >= MIN_DELTAS_PER_SECOND,
    },
    taskRow("of streaming", [round]),
    row("… CPU of the main thread a second", {
      value: round.totalCpuMs / (round.result / 1000),
      unit: "ms",
      limit: 500,
    }),
  ];
}

/** A list with everything loaded: what one event from elsewhere renders of it, and how long that holds the page up. */
export async function measureSidebar(bench: ChatBench): Promise<Row[]> {
  const { page, product, sql, ownerId } = bench;
  await sql`
    WITH made AS (
      INSERT INTO chats (id, owner_id, title, status, updated_at)
      SELECT gen_random_uuid(), ${ownerId}, 'Agent ' || n, 'waiting', now() - n * interval '1 minute'
      FROM generate_series(1, ${SIDEBAR_CHATS}) AS n RETURNING id)
    INSERT INTO chat_runs (chat_id) SELECT id FROM made`;
  const [changed] = await sql<{ id: string }[]>`SELECT id FROM chats WHERE title = ${`Agent ${SIDEBAR_CHATS / 2}`}`;
  await page.goto(`${product.url}/agents`);
  const loaded = await loadWholeList(page);
  if (loaded < SIDEBAR_CHATS) throw new Error(`Only ${loaded} of ${SIDEBAR_CHATS} chats are in the sidebar.`);
  const { chatIds: drawn } = await readRenders(page);
  if (drawn.length < SIDEBAR_CHATS)
    throw new Error(`Renders of ${drawn.length} rows were seen, so the count is wrong.`);
  const rename = createAdministrator(product);
  await page.evaluate(stampArrivals);
  const rounds = [];
  const rendered: number[] = [];
  const delays: number[] = [];
  for (const title of ["Renamed elsewhere", "Renamed again", "Renamed at last"]) {
    await resetRenders(page);
    const shown = page.evaluate(waitForTitle, { chatId: changed?.id ?? "", title });
    rounds.push(
      await traceMainThread(bench, async () => {
        await rename("PATCH", `/chats/${changed?.id}`, { title });
        delays.push(await shown);
      }),
    );
    rendered.push((await readRenders(page)).chatIds.length);
  }
  return [
    row(`${SIDEBAR_CHATS.toLocaleString("en")} chats in the sidebar: rows that one's news renders`, {
      value: Math.max(...rendered),
      unit: "",
      limit: 1,
    }),
    row("… from the event to the row's frame, median", { value: median(delays), unit: "ms", limit: 100 }),
    taskRow("of it", rounds),
  ];
}

type Arrivals = Window & { arrivals: { text: string; atMs: number }[] };

/** Runs in the page: notes when each piece of the decoded stream came in, before whoever reads it sees it. */
function stampArrivals(): void {
  const arrivals: Arrivals["arrivals"] = [];
  Object.assign(window, { arrivals });
  const { read } = ReadableStreamDefaultReader.prototype;
  ReadableStreamDefaultReader.prototype.read = async function (this: ReadableStreamDefaultReader) {
    const piece = await read.call(this);
    if (typeof piece.value === "string") arrivals.push({ text: piece.value, atMs: performance.now() });
    return piece;
  };
}

/**
 * Milliseconds from the event to the end of the frame that shows it. Runs in the page, which a locator's search through
 * thousands of rows would keep busy.
 */
function waitForTitle({ chatId, title }: { chatId: string; title: string }): Promise<number> {
  const heading = document.querySelector(`[role=treeitem][data-chat-id="${chatId}"] bdi`);
  if (!heading) throw new Error(`The sidebar has no row of ${chatId}.`);
  return new Promise((resolve) => {
    new MutationObserver((_changes, observer) => {
      if (heading.textContent !== title) return;
      observer.disconnect();
      const { arrivals } = window as unknown as Arrivals;
      const arrivedAtMs = arrivals.find(({ text }) => text.includes(title))?.atMs ?? Number.NaN;
      // The frame that shows it ends before the next one begins.
      requestAnimationFrame(() => requestAnimationFrame((endMs) => resolve(endMs - arrivedAtMs)));
    }).observe(heading, { subtree: true, childList: true, characterData: true });
  });
}

/** Presses **Show more** to the end; the rows that are there then. */
async function loadWholeList(page: Page): Promise<number> {
  const rows = page.getByRole("treeitem");
  const more = page.getByRole("button", { name: "Show more" });
  for (let shown = await rows.count(); await more.isVisible(); shown = await rows.count()) {
    await more.click();
    await page.waitForFunction(
      (before) =>
        document.querySelectorAll("[role=treeitem]").length > before ||
        ![...document.querySelectorAll("button")].some((button) => button.textContent === "Show more"),
      shown,
    );
  }
  return rows.count();
}
