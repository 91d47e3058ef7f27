/** Bugs that earlier products had, each held by a test of that name. Numbers are those that other tests' names begin with. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const tests = fileURLToPath(new URL("..", import.meta.url));

const LIST = "unit/agents-sidebar/chat-list-state.test.ts";
const STATE = "unit/chat/chat-state.test.ts";
const PAGE = "e2e/chat-page.test.ts";

const BUGS: readonly [number: number, bug: string, file: string, name: string][] = [
  [1, "a new chat on each loaded page", LIST, "comes once, on the first page, however many pages are loaded"],
  [2, "a live title in another list's cache", "e2e/sidebar.test.ts", "what happens elsewhere shows in every tab"],
  [3, "rows that jump between days", LIST, "the time never goes back, to the microsecond"],
  [4, "doubled text after a reconnect", STATE, "4: text does not double"],
  [5, "a bubble that turns into a queued message", STATE, "5: a message that the server queued never shows"],
  [6, "a promoted message that vanishes", STATE, "6: a promoted message stays"],
  [7, "output held back by the status", STATE, "7: parts are shown whatever the status says"],
  [8, "two copies of the answer for a frame", STATE, "8: the answer is never on the page twice"],
  [9, "tool calls of the step before", STATE, "9: tool calls of the step before do not stay"],
  [10, "a status that erases a new title", LIST, "a status keeps a newer title and summary"],
  [11, "summaries that overwrite each other", LIST, "a summary changes only the summary"],
  [12, "a cancelled first load", "unit/agents-sidebar/chat-lists.test.ts", "12: a resync never cancels a first load"],
  [13, "a render at every poll", LIST, "a poll that only moved its own times returns the same object"],
  [14, "a list fetched for each chat", "e2e/hostile.test.ts", "opening one chat after another asks for no list"],
  [15, "a list that is always new", LIST, "other pages and rows keep their identity"],
  [16, "subagents that take rows of a page", LIST, "that is a subagent goes under its root and takes no row"],
  [17, "a queued edit that is sent anyway", STATE, "17: an edited queued message is what the server says"],
  [18, "a draft in another chat", PAGE, "18, 19: a draft stays with its agent"],
  [19, "a draft that comes back", PAGE, "18, 19: a draft stays with its agent"],
  [20, "a shift while a chat opens", PAGE, "20: an agent's page opens without a shift"],
  [21, "a jump when older rows join", PAGE, "older history joins above what is read, which does not move"],
  [22, "a way back under a notch", "e2e/administration.test.ts", "22: on a phone with a notch"],
  [23, "a composer under the keyboard", PAGE, "23: a keyboard over the page leaves the composer in sight"],
  [24, "pins that flash back", "unit/agents-sidebar/pins.test.ts", "does not flash back while a person moves it"],
  [24, "a drop that opens a chat", "e2e/sidebar.test.ts", "and a drop opens nothing"],
  [25, "reasoning that collapses in a reconnect", STATE, "25: reasoning is live only while it is the last part"],
  [26, "a page that ticks", PAGE, "26: the countdown to the next try changes itself"],
  [27, "a start that ends with nothing", STATE, "27: whitespace does not end the starting state"],
  [28, "a card without its subagent", "unit/chat/pure-pieces.test.ts", "28: a call without its subagent's id"],
  [
    29,
    "a removed file that is back",
    "unit/chat/pure-pieces.test.ts",
    "29: a file that was removed does not come back",
  ],
  [30, "a hidden tail of text", "unit/chat/text.test.ts", "30: text is never held back by more than 120 characters"],
  [
    31,
    "a Git tab that says nothing for a frame",
    "unit/git-panel/shown-view.test.ts",
    "31: says that there is nothing only",
  ],
  [32, "a chime in every tab", "unit/chime/chime.test.ts", "32: is a chime in one of all tabs"],
  [
    33,
    "an archived chat that blanks",
    "e2e/hostile.test.ts",
    "an open chat that is archived elsewhere turns read-only",
  ],
  [34, "an archive view lost with the filters", "unit/agents-sidebar/list-filter.test.ts", "clearing filters clears"],
  [35, "loading that stops at a short page", PAGE, "35: pages that show next to nothing"],
  [
    36,
    "a workspace lost without its archiving",
    "unit/agents-sidebar/archive-and-delete.test.ts",
    "deletes nothing when",
  ],
  [37, "a late title in another dialog", "e2e/sidebar.test.ts", "37: what a model names an agent"],
];

test("each of the 37 has one", () => {
  expect([...new Set(BUGS.map(([number]) => number))]).toEqual(Array.from({ length: 37 }, (_, index) => index + 1));
});

test.each(BUGS)("bug %i, %s, has its test", (_number, _bug, file, name) => {
  expect(readFileSync(`${tests}${file}`, "utf8")).toMatch(
    new RegExp(`^\\s*test\\("[^"\\n]*${RegExp.escape(name)}`, "m"),
  );
});
