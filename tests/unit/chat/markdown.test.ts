import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "@/components/chat/parts/markdown";

const draw = (text: string) => renderToStaticMarkup(createElement(Markdown, { text }));

test("a picture in a link is that link, with the picture's description as its text", () => {
  const html = draw("[![build passes](https://ci.example/badge.svg)](https://ci.example/runs)");
  expect(html.match(/<a /g)).toHaveLength(1);
  expect(html).toContain('href="https://ci.example/runs"');
  expect(html).toContain("build passes");
});

test.each(["github.com", "**github.com**", "![github.com](https://elsewhere.example/x.png)"])(
  "a link that reads %s and leads elsewhere says where",
  (text) => {
    expect(draw(`[${text}](https://elsewhere.example/login)`)).toContain("(elsewhere.example)");
  },
);

test("a task says whether it is done to those who cannot see the box", () => {
  const html = draw("- [x] measured\n- [ ] deployed");
  expect(html).toContain('aria-label="Done"');
  expect(html).toContain('aria-label="Not done"');
});
