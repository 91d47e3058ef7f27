"use client";

import { useCallback, useMemo, useState } from "react";
import { isOpenFile } from "./diff-items";
import type { PatchFile } from "./parse-patch";
import { useViewed } from "./use-viewed";

/** Which files of a diff show their lines, and which a person has looked through: those are closed. */
export function useOpenFiles({ chatId, source }: { chatId: string; source: string }) {
  const [toggled, setToggled] = useState<ReadonlyMap<string, boolean>>(() => new Map());
  const { has, mark } = useViewed({ chatId, source });
  const openness = useMemo(() => ({ toggled, isViewed: has }), [toggled, has]);
  const toggle = useCallback(
    (file: PatchFile) => setToggled((before) => new Map(before).set(file.path, !isOpenFile(file, openness))),
    [openness],
  );
  const view = useCallback(
    (file: PatchFile, isViewed: boolean) => {
      // From now on it is open or closed as the mark says.
      setToggled((before) => new Map([...before].filter(([path]) => path !== file.path)));
      mark(file, isViewed);
    },
    [mark],
  );
  return { openness, toggle, view };
}
