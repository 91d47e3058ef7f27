"use client";

import { useMemo } from "react";
import { createIdempotencyKey } from "../../chat/idempotency-key";
import { CommentBox, CommentEditor } from "../review/comment-box";
import { quoteLines, showsPlace } from "../review/quote-lines";
import { MAX_COMMENTS, type OpenComment, type ReviewComment } from "../review/review-draft";
import type { Review } from "../review/use-review";
import type { LineNotes } from "./diff-block";
import type { PatchFile } from "./parse-patch";

type FileNotes = {
  of: (path: string) => LineNotes | null;
  /** Comments on a file. */
  count: (path: string) => number;
  /** Those whose lines the diff has no longer. */
  adrift: readonly ReviewComment[];
  /** The comment that is being written in this diff. */
  open: OpenComment | null;
};

const NO_COMMENTS: readonly ReviewComment[] = [];

/** The comments of a review by the file and the line that they stand below. */
export function useFileNotes(options: {
  source: string;
  files: readonly PatchFile[];
  review: Review | null;
}): FileNotes {
  const { source, files, review } = options;
  const comments = review?.draft.comments ?? NO_COMMENTS;
  const own = review?.draft.open ?? null;
  const open = own?.source === source ? own : null;
  const byPath = useMemo(() => {
    const paths = new Map<string, ReviewComment[]>();
    for (const comment of comments) {
      if (comment.source === source) paths.set(comment.path, [...(paths.get(comment.path) ?? []), comment]);
    }
    return paths;
  }, [comments, source]);
  const adrift = useMemo(() => findAdrift(files, byPath), [files, byPath]);
  const dispatch = review?.dispatch;
  return useMemo(() => {
    const isFull = comments.length >= MAX_COMMENTS;
    const drawn = new Map<string, LineNotes>();
    const draw = (path: string): LineNotes | null => {
      const here = byPath.get(path) ?? NO_COMMENTS;
      const writing = open?.path === path ? open : null;
      if (!dispatch || (here.length === 0 && !writing)) return null;
      const file = files.find((each) => each.path === path);
      const keep = () => {
        const code = file && writing ? quoteLines(file, writing) : "";
        dispatch({ type: "kept", id: createIdempotencyKey(), code });
      };
      return {
        isMarked: (side, line) =>
          writing !== null && writing.side === side && line >= writing.startLine && line <= writing.endLine,
        at: (side, line) => (
          <>
            {here
              .filter((comment) => comment.side === side && comment.endLine === line && comment.id !== writing?.id)
              .map((comment) => (
                <CommentBox
                  key={comment.id}
                  comment={comment}
                  onEdit={() => dispatch({ type: "edited", id: comment.id })}
                  onRemove={() => dispatch({ type: "removed", id: comment.id })}
                />
              ))}
            {writing && writing.side === side && writing.endLine === line ? (
              <CommentEditor
                open={writing}
                isFull={isFull}
                onType={(text) => dispatch({ type: "typed", text })}
                onKeep={keep}
                onCancel={() => dispatch({ type: "cancelled" })}
              />
            ) : null}
          </>
        ),
      };
    };
    return {
      of: (path) => {
        const known = drawn.get(path) ?? draw(path);
        if (known) drawn.set(path, known);
        return known;
      },
      count: (path) => byPath.get(path)?.length ?? 0,
      adrift,
      open,
    };
  }, [byPath, adrift, open, dispatch, files, comments.length]);
}

function findAdrift(
  files: readonly PatchFile[],
  byPath: ReadonlyMap<string, ReviewComment[]>,
): readonly ReviewComment[] {
  if (byPath.size === 0) return NO_COMMENTS;
  const shown = new Map(files.map((file) => [file.path, file]));
  const adrift = [...byPath.values()].flat().filter((comment) => {
    const file = shown.get(comment.path);
    return !file || !showsPlace(file, comment);
  });
  return adrift.length === 0 ? NO_COMMENTS : adrift;
}
