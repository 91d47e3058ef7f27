import { expect, test } from "vitest";
import { emptyChatFilter, parseChatFilter } from "@/lib/contract/chat-filter";

test.each([
  ["", {}],
  ["   ", {}],
  ["fix parser", { words: ["fix", "parser"] }],
  ['"fix the parser"', { words: ["fix the parser"] }],
  ['title:"a \\"b\\" c"', { titles: ['a "b" c'] }],
  ['"status:running"', { words: ["status:running"] }],
  ["STATUS:Running,paused", { statuses: ["running", "paused"] }],
  ["has_unread:false", { hasUnread: false }],
  ["pr_status:draft pr_status:none", { prStatuses: ["draft", "none"] }],
  [
    "label:team=core label:team:web label:urgent",
    {
      labels: [
        { key: "team", value: "core" },
        { key: "team", value: "web" },
        { key: "urgent", value: null },
      ],
    },
  ],
  ["repo:acme/parser  x", { repositories: ["acme/parser"], words: ["x"] }],
])("reads %j", (text, expected) => {
  expect(parseChatFilter(text)).toEqual({ filter: { ...emptyChatFilter(), ...expected } });
});

test.each([
  ["owner:me", 'The key "owner" is not known'],
  ["http://example.com", 'The key "http" is not known'],
  ["constructor:x", 'The key "constructor" is not known'],
  ["status:sleeping", '"sleeping" is none of'],
  ["status:running,", '"" is none of'],
  ["pr_status:yes", '"yes" is none of'],
  ["has_unread:maybe", "has_unread is true or false"],
  ["label:=x", "has no key"],
  ['title:""', "empty value"],
])("refuses %j", (text, problem) => {
  expect(parseChatFilter(text)).toEqual({ problem: expect.stringContaining(problem) });
});
