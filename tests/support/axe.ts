/** What a page lacks for people who cannot see or point: axe-core, run inside the page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type AxeOptions = {
  /** Absent: all. */
  only?: readonly string[];
  except?: readonly string[];
};

/** Each broken rule with what breaks it. */
export async function violations(page: Page, { only, except = [] }: AxeOptions = {}): Promise<string[]> {
  await page.evaluate(axeSource);
  // Rows of the sidebar's tree have a menu beside their link, which the rule allows in no tree.
  const off = ["aria-required-children", ...except];
  const options = {
    resultTypes: ["violations" as const],
    ...(only ? { runOnly: [...only] } : { rules: Object.fromEntries(off.map((rule) => [rule, { enabled: false }])) }),
  };
  return page.evaluate(async (wanted) => {
    const { axe } = window as unknown as { axe: typeof import("axe-core") };
    const results = await axe.run(document, wanted);
    return results.violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .map((node) => node.target.join(" "))
          .join(", ")
          .slice(0, 300)}`,
    );
  }, options);
}
