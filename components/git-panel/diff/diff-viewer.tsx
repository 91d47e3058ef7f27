"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { assertNever } from "@/lib/assert-never";
import { usePhone } from "../../chat/use-phone";
import { Callout } from "../../ui/callout";
import { describeLines, type LineSide } from "../review/review-draft";
import type { Review } from "../review/use-review";
import { DiffBlock } from "./diff-block";
import { type DiffItem, type DiffMode, estimateHeight, isOpenFile, listItems } from "./diff-items";
import { FileHead, FileNote, JumpRow, MoreFiles } from "./file-rows";
import { FileSearch } from "./file-search";
import type { PatchFile } from "./parse-patch";
import { useFileNotes } from "./use-file-notes";
import { useOpenFiles } from "./use-open-files";
import { isViewerKey, moveByKey } from "./viewer-keys";

type DiffViewerProps = {
  label: string;
  chatId: string;
  /** Which diff it is, for comments and marks: `pull`, or the root of a working tree. */
  source: string;
  files: readonly PatchFile[];
  mode: DiffMode;
  /** Null where nobody can comment. */
  review: Review | null;
};

/** From so many files on a name is searched rather than looked for. */
const SEARCHED_FROM = 12;

/**
 * The changes of many files as one scroll area: names, then each file's lines. Only what is near the screen is drawn or
 * even read. Keys: j and k go from line to line, n and p from file to file, v marks a file as viewed, Enter comments.
 */
export function DiffViewer({ label, chatId, source, files, mode: wantedMode, review }: DiffViewerProps) {
  const isPhone = usePhone();
  const mode = isPhone ? "unified" : wantedMode;
  const scroller = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState<string | null>(null);
  const notes = useFileNotes({ source, files, review });
  const { openness, toggle, view } = useOpenFiles({ chatId, source });
  const items = useMemo(
    () => listItems({ files, ...openness, search, mode, adrift: notes.adrift }),
    [files, openness, search, mode, notes.adrift],
  );
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimateHeight(items[index] as DiffItem, mode),
    getItemKey: (index) => items[index]?.key ?? index,
    // Blocks are up to 60 lines: one on each side is enough.
    overscan: 2,
    useFlushSync: false,
  });

  const jump = useCallback(
    (file: PatchFile) => {
      const index = items.findIndex((item) => item.kind === "head" && item.file === file);
      virtualizer.scrollToIndex(index, { align: "start" });
    },
    [items, virtualizer],
  );
  const upmost = items[virtualizer.range?.startIndex ?? 0];
  const floating = upmost?.kind === "block" || upmost?.kind === "note" ? upmost.file : null;
  const { dispatch } = review ?? {};
  const { open } = notes;
  const comment = useCallback(
    (path: string, place: { side: LineSide; line: number; extend: boolean }) => {
      const { side, line } = place;
      const isSame = open?.source === source && open.path === path && open.side === side;
      if (place.extend && isSame) dispatch?.({ type: "extended", line });
      else dispatch?.({ type: "opened", place: { source, path, side, startLine: line, endLine: line } });
    },
    [dispatch, open, source],
  );

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "v" || !isViewerKey(event)) return moveByKey(event, scroller.current);
    const index =
      event.target instanceof HTMLElement && event.target.closest("[data-index]")?.getAttribute("data-index");
    const item = index ? items[Number(index)] : upmost;
    if (item && "file" in item) view(item.file, !openness.isViewed(item.file));
  }

  const headOf = (file: PatchFile) => ({
    file,
    commentCount: notes.count(file.path),
    isOpen: isOpenFile(file, openness),
    isViewed: openness.isViewed(file),
  });

  function draw(item: DiffItem) {
    switch (item.kind) {
      case "jump":
        return <JumpRow file={item.file} commentCount={notes.count(item.file.path)} onPress={jump} />;
      case "more":
        return <MoreFiles count={item.count} onPress={() => setSearch("")} />;
      case "adrift":
        return (
          <Callout tone="warning" className="mx-4 my-2" title="Comments on lines that this diff no longer shows">
            {item.places.map((place) => `${place.path}, ${describeLines(place)}`).join(" · ")}
          </Callout>
        );
      case "head":
        return <FileHead {...headOf(item.file)} onPress={toggle} onView={view} />;
      case "note":
        return <FileNote file={item.file} reason={item.reason} onPress={toggle} />;
      case "block":
        return (
          <DiffBlock
            path={item.file.path}
            block={item.block}
            mode={mode}
            onComment={review ? comment : undefined}
            notes={notes.of(item.file.path)}
          />
        );
      default:
        return assertNever(item);
    }
  }

  return (
    <>
      {files.length >= SEARCHED_FROM ? (
        <FileSearch value={search ?? ""} onChange={setSearch} onClose={() => setSearch(null)} />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: not a form's group */}
      <div
        ref={scroller}
        role="group"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroll area must be reachable by keyboard
        tabIndex={0}
        aria-label={label}
        aria-keyshortcuts="j k n p v"
        onKeyDown={onKeyDown}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        {floating ? (
          <div className="sticky top-0 z-10 h-0">
            <FileHead
              isFloating
              {...headOf(floating)}
              onPress={(file) => {
                toggle(file);
                jump(file);
              }}
              onView={(file, isViewed) => {
                view(file, isViewed);
                jump(file);
              }}
            />
          </div>
        ) : null}
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((row) => {
            const item = items[row.index];
            return item ? (
              <div
                key={row.key}
                ref={virtualizer.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${row.start}px)` }}
              >
                {draw(item)}
              </div>
            ) : null;
          })}
        </div>
      </div>
    </>
  );
}
