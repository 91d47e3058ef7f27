import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Markdown } from "@/components/chat/parts/markdown";
import { createParsedTexts } from "@/components/chat/parts/parsed-texts";

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

test("who comes back to a text waits for no parser, and sees the same", () => {
  let parsed = 0;
  const parse = (text: string) => {
    parsed += 1;
    return { type: "root", text };
  };
  const processor: { parser: (text: string, file: unknown) => unknown } = { parser: parse };
  (createParsedTexts({ maxChars: 10 }) as (this: typeof processor) => void).call(processor);
  const first = processor.parser("seven ..", undefined);
  expect(processor.parser("seven ..", undefined)).toBe(first);
  expect(parsed).toBe(1);
  // What was wanted longest ago makes room.
  processor.parser("eight ...", undefined);
  processor.parser("seven ..", undefined);
  expect(parsed).toBe(3);
});

test("a settled text is drawn from its kept tree as it was drawn from the parser's", () => {
  const text = [
    "# Head\n\nText with **bold**, `code`, <b>a tag</b>, [a link](https://a.example) and a note[^1].",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n```ts title=x\nconst a = 1;\n```\n\n- [x] done\n- open\n\n[^1]: The note.",
  ].join("\n\n");
  const first = draw(text);
  expect(first).toContain("<strong>bold</strong>");
  expect(first).toContain("&lt;b&gt;");
  expect(draw(text)).toBe(first);
});
