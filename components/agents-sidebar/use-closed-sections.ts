"use client";

import { useState } from "react";
import type { Group } from "./chat-groups";
import { keepInCookie, SECTIONS_COOKIE } from "./sidebar-cookie";

/** Which sections of the list are closed; this browser remembers it. */
export function useClosedSections(initial: readonly Group[]) {
  const [closed, setClosed] = useState<readonly Group[]>(initial);
  return {
    isClosed: (group: Group) => closed.includes(group),
    toggle(group: Group) {
      const next = closed.includes(group) ? closed.filter((each) => each !== group) : [...closed, group];
      setClosed(next);
      keepInCookie(SECTIONS_COOKIE, next.join("."));
    },
  };
}
