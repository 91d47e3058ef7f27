import { expect, test } from "vitest";
import {
  describeLines,
  EMPTY_REVIEW,
  MAX_COMMENTS,
  type ReviewAction,
  type ReviewComment,
  reduceReview,
  reviewContent,
} from "@/components/git-panel/review/review-draft";
import { foldChanges } from "@/components/git-panel/use-working-trees";
import { inputContentSchema } from "@/lib/contract/messages";
import type { WorkingTree } from "@/lib/contract/working-tree";

const PLACE = { source: "pull", path: "src/a.ts", side: "new" as const, startLine: 46, endLine: 46 };
const fold = (actions: ReviewAction[]) => actions.reduce(reduceReview, EMPTY_REVIEW);

test("a comment is opened, typed, kept, changed and removed", () => {
  const kept = fold([
    { type: "opened", place: PLACE },
    { type: "typed", text: "  Cap this  " },
    { type: "kept", id: "1", code: "x" },
  ]);
  expect(kept).toEqual({ comments: [{ ...PLACE, id: "1", text: "Cap this", code: "x" }], open: null });
  const edited = [
    { type: "edited", id: "1" } as const,
    { type: "typed", text: "Cap it at 60 s" } as const,
    { type: "kept", id: "2", code: "y" } as const,
  ].reduce<typeof kept>(reduceReview, kept);
  expect(edited.comments).toEqual([{ ...PLACE, id: "1", text: "Cap it at 60 s", code: "y" }]);
  expect(reduceReview(edited, { type: "removed", id: "1" })).toEqual(EMPTY_REVIEW);
});

test("nothing is kept of an empty comment, and what is typed goes along to another line", () => {
  const open = fold([
    { type: "opened", place: PLACE },
    { type: "typed", text: " \n" },
  ]);
  expect(reduceReview(open, { type: "kept", id: "1", code: "" })).toBe(open);
  const moved = fold([
    { type: "opened", place: PLACE },
    { type: "typed", text: "Why" },
    { type: "opened", place: { ...PLACE, startLine: 9, endLine: 9 } },
  ]);
  expect(moved.open).toMatchObject({ startLine: 9, text: "Why" });
});

test("a comment reaches up or down to another line", () => {
  const open = fold([{ type: "opened", place: PLACE }]);
  expect(reduceReview(open, { type: "extended", line: 40 }).open).toMatchObject({ startLine: 40, endLine: 46 });
  expect(reduceReview(open, { type: "extended", line: 50 }).open).toMatchObject({ startLine: 46, endLine: 50 });
  expect(describeLines({ ...PLACE, startLine: 40 })).toBe("Lines 40–46, new side");
});

test("a full review is one message that the server takes, each comment after its lines", () => {
  const comments = Array.from(
    { length: MAX_COMMENTS },
    (_, index): ReviewComment => ({ ...PLACE, id: String(index), text: `Comment ${index}`, code: "const x = 1;" }),
  );
  const content = reviewContent(comments, "pull request #431");
  expect(inputContentSchema.parse(content)).toEqual(content);
  expect((content as unknown[]).slice(0, 3)).toEqual([
    { type: "text", text: "Review of pull request #431, 48 comments. Address each one." },
    { type: "file-reference", file_name: "src/a.ts", start_line: 46, end_line: 46, content: "const x = 1;" },
    { type: "text", text: "\nsrc/a.ts, line 46, new side:\nComment 0" },
  ]);
});

test("what was written while a review was sent stays", () => {
  const draft = { comments: [1, 2].map((id) => ({ ...PLACE, id: String(id), text: "x", code: "" })), open: null };
  expect(reduceReview(draft, { type: "sent", ids: ["1"] }).comments.map(({ id }) => id)).toEqual(["2"]);
});

test("changed repositories replace what was known of them, those that are gone leave", () => {
  const tree = (root: string, fields: Partial<WorkingTree> = {}) =>
    ({ root, removed: false, ...fields }) as WorkingTree;
  const changed = tree("/workspace/b", { branch: "slipway/b" });
  const before = [tree("/workspace/a"), tree("/workspace/b")];
  const after = foldChanges(before, [changed, tree("/workspace/a", { removed: true }), tree("/workspace/c")]);
  expect(after.map(({ root }) => root)).toEqual(["/workspace/b", "/workspace/c"]);
  expect(after[0]).toBe(changed);
});
