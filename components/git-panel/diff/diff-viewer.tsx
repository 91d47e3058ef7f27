"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { Search, X } from "lucide-react";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { assertNever } from "@/lib/assert-never";
import { usePhone } from "../../chat/use-phone";
import { Callout } from "../../ui/callout";
import { IconButton } from "../../ui/icon-button";
import { Input } from "../../ui/input";
import { describeLines, type LineSide } from "../review/review-draft";
import type { Review } from "../review/use-review";
import { DiffBlock } from "./diff-block";
import { type DiffItem, type DiffMode, estimateHeight, listItems, opensByItself } from "./diff-items";
import { FileHead, FileNote, JumpRow, MoreFiles } from "./file-rows";
import type { PatchFile } from "./parse-patch";
import { useFileNotes } from "./use-file-notes";
import { moveByKey } from "./viewer-keys";

type DiffViewerProps = {
  label: string;
  /** Which diff it is, for comments: `pull`, or the root of a working tree. */
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
 * even read. Keys: j and k go from line to line, n and p from file to file, Enter comments.
 */
export function DiffViewer({ label, source, files, mode: wantedMode, review }: DiffViewerProps) {
  const isPhone = usePhone();
  const mode = isPhone ? "unified" : wantedMode;
  const scroller = useRef<HTMLDivElement>(null);
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(() => new Map());
  const [search, setSearch] = useState<string | null>(null);
  const notes = useFileNotes({ source, files, review });
  const items = useMemo(
    () => listItems({ files, toggled, search, mode, adrift: notes.adrift }),
    [files, toggled, search, mode, notes.adrift],
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

  const toggle = useCallback((file: PatchFile) => {
    setToggled((before) => {
      const isOpen = before.get(file.path) ?? opensByItself(file);
      return new Map(before).set(file.path, !isOpen);
    });
  }, []);
  const jump = useCallback(
    (file: PatchFile) => {
      const index = items.findIndex((item) => item.kind === "head" && item.file === file);
      virtualizer.scrollToIndex(index, { align: "start" });
    },
    [items, virtualizer],
  );
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
    moveByKey(event, scroller.current);
  }

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
      case "head": {
        const isOpen = toggled.get(item.file.path) ?? opensByItself(item.file);
        const commentCount = notes.count(item.file.path);
        return <FileHead file={item.file} commentCount={commentCount} isOpen={isOpen} onPress={toggle} />;
      }
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
        aria-keyshortcuts="j k n p"
        onKeyDown={onKeyDown}
        className="focus-ring-inset min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
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

type FileSearchProps = { value: string; onChange: (text: string) => void; onClose: () => void };

function FileSearch({ value, onChange, onClose }: FileSearchProps) {
  return (
    <div className="border-line border-b px-4 py-2">
      <Input
        type="search"
        value={value}
        aria-label="Find a file in the diff"
        placeholder="Find a file"
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape" || value === "") return;
          event.preventDefault();
          onClose();
        }}
        prefix={<Search aria-hidden className="size-3.5" />}
        suffix={value ? <IconButton size="sm" icon={X} label="Clear the search" onClick={onClose} /> : undefined}
      />
    </div>
  );
}
