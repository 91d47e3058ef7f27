/** What a page lacks for people who cannot see or point: axe-core, run inside the page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Each broken rule with what breaks it. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const results = await axe.run(document, {
      resultTypes: ["violations"],
      // Rows of the sidebar's tree have a menu beside their link, which the rule allows in no tree.
      rules: { "aria-required-children": { enabled: false } },
    });
    return results.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.target.join(" "))
          .join(", ")
          .slice(0, 300)}`,
    );
  });
}
