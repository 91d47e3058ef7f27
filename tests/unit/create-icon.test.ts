import { KeyRound } from "lucide-react";
import * as keyRound from "lucide-react/icons/key-round";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { createIcon } from "@/components/ui/create-icon";

/** The package's types leave its data out. */
const { __iconData } = keyRound as unknown as { __iconData: Parameters<typeof createIcon>[0] };
const Ours = createIcon(__iconData);
const draw = (icon: Parameters<typeof createElement>[0], props: object = {}) =>
  renderToStaticMarkup(createElement(icon as typeof KeyRound, props));

test("an icon has the shapes that the package draws", () => {
  const shapesOf = (markup: string) => markup.replace(/^<svg[^>]*>/, "").replaceAll(/\/>|><\/(?:path|circle)>/g, ">");
  expect(shapesOf(draw(Ours))).toBe(shapesOf(draw(KeyRound)));
});

test("an icon is hidden unless it has a label, and takes a class beside its own", () => {
  expect(draw(Ours, { className: "size-3" })).toMatch(
    /^<svg viewBox="0 0 24 24" aria-hidden="true" class="lucide lucide-key-round size-3">/,
  );
  expect(draw(Ours, { "aria-label": "Done" })).toMatch(/^<svg viewBox="0 0 24 24" aria-label="Done" class=/);
});
