/** A real Chromium, and pages in it that fail the test on an error in their console. */
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright";
import { afterAll, expect } from "vitest";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];
/** The shell is the same engine without a window around it, which costs a second a page. */
const PROGRAMS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } };
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Screenshots are kept here, for people to look at. */
const pictures = fileURLToPath(new URL("../../test-results", import.meta.url));

export type TestBrowser = {
  /** A page with cookies of its own, or with those of another page. */
  open(options?: BrowserContextOptions & { like?: Page }): Promise<Page>;
  /** Of what is seen, or of the whole page. */
  picture(page: Page, name: string, options?: { isWhole?: boolean }): Promise<void>;
};

/** Call it at the top of a test file, with `await`. */
export async function createTestBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: findChromium(), args: FLAGS });
  const problems: string[] = [];
  afterAll(async () => {
    await browser.close();
    expect(problems).toEqual([]);
  });
  mkdirSync(pictures, { recursive: true });
  return {
    async open({ like, ...options } = {}) {
      const storageState = like && (await like.context().storageState());
      const context = await browser.newContext({ ...DESKTOP, ...options, ...(storageState && { storageState }) });
      const page = await context.newPage();
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => {
        // The server is killed on purpose: a page may say that it could not reach it.
        if (message.type() === "error" && !/ERR_|Failed to load resource/.test(message.text()))
          problems.push(message.text());
      });
      return page;
    },
    picture: async (page, name, { isWhole = false } = {}) => {
      await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: isWhole });
    },
  };
}

/** @throws Error when none is installed. */
export function findChromium(): string {
  for (const program of PROGRAMS) {
    try {
      return execFileSync("which", [program], { encoding: "utf8" }).trim();
    } catch {
      // The next name.
    }
  }
  throw new Error(`None of ${PROGRAMS.join(", ")} is installed: apt-get install ${PROGRAMS[0]}`);
}
