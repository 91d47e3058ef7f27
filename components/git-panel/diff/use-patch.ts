"use client";

import { startTransition, useEffect, useMemo, useState } from "react";
import { type PatchFile, parsePatch, readPatch } from "./parse-patch";

/** Read within one frame: nothing flashes for an ordinary diff. */
const AT_ONCE_CHARS = 200_000;
/** A longer one in slices, between which the page answers. */
const SLICE_MS = 8;

const NO_FILES: readonly PatchFile[] = [];

/** The files of a diff; null until a large one is read, of which the first files come early. */
export function usePatch(patch: string | undefined): readonly PatchFile[] | null {
  const isSmall = patch !== undefined && patch.length <= AT_ONCE_CHARS;
  const small = useMemo(() => (isSmall ? parsePatch(patch) : null), [isSmall, patch]);
  const [large, setLarge] = useState<readonly PatchFile[]>(NO_FILES);
  useEffect(() => {
    if (patch === undefined || isSmall) return;
    // Drawn in slices too: the answer alone has made its task long.
    return readInSlices(patch, (choose) => startTransition(() => setLarge(choose)));
  }, [patch, isSmall]);
  if (patch === undefined) return null;
  return small ?? (large.length > 0 ? large : null);
}

type Publish = (choose: (shown: readonly PatchFile[]) => readonly PatchFile[]) => void;

function readInSlices(patch: string, publish: Publish): () => void {
  const reader = readPatch(patch);
  const files: PatchFile[] = [];
  let timer: ReturnType<typeof setTimeout>;
  let isFirst = true;
  function readSlice() {
    const endMs = performance.now() + SLICE_MS;
    let next = reader.next();
    while (!next.done) {
      files.push(next.value);
      if (performance.now() > endMs) break;
      next = reader.next();
    }
    if (next.done) publish(() => files);
    // What is shown of the diff before stays until all of this one is read.
    else if (isFirst) publish((shown) => (shown.length > 0 ? shown : [...files]));
    isFirst = false;
    if (!next.done) timer = setTimeout(readSlice);
  }
  timer = setTimeout(readSlice);
  return () => clearTimeout(timer);
}
