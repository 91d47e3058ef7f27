/** The page with every component in every state: for those who develop, and for nobody else. */
import { afterAll, expect, test } from "vitest";
import { violations } from "../support/axe";
import { createTestBrowser, DESKTOP, PHONE } from "../support/browser";
import { startProduct } from "../support/product";

const browser = await createTestBrowser();
const product = await startProduct({ env: { SLIPWAY_GALLERY: "1" } });
afterAll(() => product.stop());

test("every component in every state fits its page and passes axe, on a desktop and a phone, light and dark", async () => {
  // One page for all four: what is drawn once is only shown differently.
  const page = await browser.open({ reducedMotion: "reduce" });
  await page.goto(`${product.url}/dev/gallery`);
  await page.getByRole("heading", { name: "Gallery" }).waitFor();
  expect(await page.locator("[data-sample]").count()).toBeGreaterThan(100);
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  for (const [size, { viewport }] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
    await page.setViewportSize({ width: viewport?.width ?? 0, height: 900 });
    for (const colorScheme of ["light", "dark"] as const) {
      const name = `gallery-${size}-${colorScheme}`;
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await browser.picture(page, name, { isWhole: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBe(0);
      // Another theme changes colours alone. Samples of one component have its landmark twice.
      const rules = colorScheme === "dark" ? { only: ["color-contrast"] } : { except: ["landmark-unique"] };
      expect(await violations(page, rules), name).toEqual([]);
    }
  }
});
