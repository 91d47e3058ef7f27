import { assertNever } from "@/lib/assert-never";
import type { InputContent } from "@/lib/contract/messages";

export const LINE_SIDES = ["old", "new"] as const;
export type LineSide = (typeof LINE_SIDES)[number];

/** Lines of one side of a file in one of the panel's diffs. */
export type LinePlace = {
  /** Which diff: `pull`, or the root of a working tree. */
  source: string;
  path: string;
  side: LineSide;
  startLine: number;
  endLine: number;
};

export type ReviewComment = LinePlace & {
  id: string;
  text: string;
  /** The lines it is about, as they were when it was written. */
  code: string;
};

/** The comment that is being written; with an id it replaces that one. */
export type OpenComment = LinePlace & { id: string | null; text: string };

export type ReviewDraft = { comments: readonly ReviewComment[]; open: OpenComment | null };

export const EMPTY_REVIEW: ReviewDraft = { comments: [], open: null };

/** A message takes 100 parts: two for each comment, one that says what follows. */
export const MAX_COMMENTS = 48;

export type ReviewAction =
  | { type: "opened"; place: LinePlace }
  /** To another line of the same side of the file: the comment is about all lines between. */
  | { type: "extended"; line: number }
  | { type: "typed"; text: string }
  | { type: "kept"; id: string; code: string }
  | { type: "edited"; id: string }
  | { type: "removed"; id: string }
  | { type: "cancelled" }
  /** These are the agent's now; what was added meanwhile stays. */
  | { type: "sent"; ids: readonly string[] }
  | { type: "cleared" };

/** Pure: the next draft. What it cannot do it leaves. */
export function reduceReview(draft: ReviewDraft, action: ReviewAction): ReviewDraft {
  const { comments, open } = draft;
  switch (action.type) {
    case "opened":
      return { comments, open: { ...action.place, id: null, text: open?.id ? "" : (open?.text ?? "") } };
    case "extended":
      return open ? { comments, open: extend(open, action.line) } : draft;
    case "typed":
      return open ? { comments, open: { ...open, text: action.text } } : draft;
    case "kept":
      return open && open.text.trim() !== "" ? { comments: keep(comments, open, action), open: null } : draft;
    case "edited": {
      const comment = comments.find((each) => each.id === action.id);
      if (!comment) return draft;
      const { code: _, ...place } = comment;
      return { comments, open: place };
    }
    case "removed":
      return { comments: comments.filter((each) => each.id !== action.id), open };
    case "cancelled":
      return { comments, open: null };
    case "sent":
      return { comments: comments.filter((each) => !action.ids.includes(each.id)), open };
    case "cleared":
      return EMPTY_REVIEW;
    default:
      return assertNever(action);
  }
}

function extend(open: OpenComment, line: number): OpenComment {
  return line < open.startLine ? { ...open, startLine: line } : { ...open, endLine: Math.max(line, open.startLine) };
}

function keep(
  comments: readonly ReviewComment[],
  open: OpenComment,
  { id, code }: { id: string; code: string },
): ReviewComment[] {
  const comment = { ...open, text: open.text.trim(), code, id: open.id ?? id };
  return open.id ? comments.map((each) => (each.id === open.id ? comment : each)) : [...comments, comment];
}

/** `Line 46, new side`, `Lines 40–46, old side`. */
export function describeLines({ side, startLine, endLine }: LinePlace): string {
  const lines = startLine === endLine ? `Line ${startLine}` : `Lines ${startLine}–${endLine}`;
  return `${lines}, ${side} side`;
}

/** One message for the agent: what it is, then each comment after the lines it is about, a blank line between. */
export function reviewContent(comments: readonly ReviewComment[], subject: string): InputContent {
  const count = comments.length === 1 ? "1 comment" : `${comments.length} comments`;
  return [
    { type: "text", text: `Review of ${subject}, ${count}. Address each one.` },
    ...comments.flatMap((comment) => [
      {
        type: "file-reference" as const,
        file_name: comment.path,
        start_line: comment.startLine,
        end_line: comment.endLine,
        content: comment.code,
      },
      { type: "text" as const, text: `\n${comment.path}, ${lowerFirst(describeLines(comment))}:\n${comment.text}` },
    ]),
  ];
}

const lowerFirst = (text: string) => text.charAt(0).toLowerCase() + text.slice(1);
