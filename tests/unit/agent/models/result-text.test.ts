import { expect, test } from "vitest";
import { resultText } from "@/lib/agent/models/result-text";

test.each([
  ["text stays as it is", "one\ntwo", "one\ntwo"],
  ["no text is a word", " ", "(empty)"],
  ["nothing is a word", undefined, "(empty)"],
  ["an object is JSON", { exit_code: 0, output: "ok" }, '{"exit_code":0,"output":"ok"}'],
  ["a list is JSON", [{ a: "x\ny" }], '[{"a":"x\\ny"}]'],
  [
    "texts of several lines stand below the facts, unescaped",
    { output: 'a "b"\nc\n', exit_code: 1, note: "short" },
    '{"exit_code":1,"note":"short"}\noutput:\na "b"\nc\n',
  ],
  ["texts alone need no facts", { content: "1\n2" }, "content:\n1\n2"],
])("%s", (_, result, expected) => {
  expect(resultText(result)).toBe(expected);
});
