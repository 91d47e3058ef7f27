/**
 * Stands in for lucide's own maker of icons in the bundles (`next.config.ts`): an icon is one element whose shapes are a
 * text made once, where lucide makes two components and an element a shape, two thirds of what drawing a settings page's
 * frame takes, on the server and again in the browser. What all icons share stands in `.lucide` (`globals.css`).
 */
import type { LucideProps } from "lucide-react";
import { createElement, type ReactElement } from "react";

type IconData = {
  name: string;
  node: readonly (readonly [tag: string, attributes: Record<string, string | number>])[];
};

/** An icon that is hidden from those who cannot see it unless it has a label. Its size and stroke are the style sheet's. */
export function createIcon({ name, node }: IconData): (props: LucideProps) => ReactElement {
  const shapes = { __html: node.map(toMarkup).join("") };
  const look = `lucide lucide-${name}`;
  return ({ className, ...props }) =>
    createElement("svg", {
      viewBox: "0 0 24 24",
      "aria-hidden": props["aria-label"] === undefined ? true : undefined,
      ...props,
      className: className ? `${look} ${className}` : look,
      dangerouslySetInnerHTML: shapes,
    });
}

/** Attributes of the package's own data: names and numbers, nothing that would have to be escaped. */
const toMarkup = ([tag, { key: _, ...attributes }]: IconData["node"][number]): string =>
  `<${tag}${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("")}/>`;

/** As lucide's icons import it. */
export { createIcon as default };
