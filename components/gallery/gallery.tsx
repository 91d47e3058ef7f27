"use client";

import { useSyncExternalStore } from "react";
import type { Theme } from "../theme";
import { ThemeChoice } from "../theme-choice";
import { ChatSamples } from "./chat-samples";
import { GitSamples } from "./git-samples";
import { PrimitiveSamples } from "./primitive-samples";
import { SidebarSamples } from "./sidebar-samples";
import { ToolSamples } from "./tool-samples";

const neverChanges = () => () => {};
const startMs = Date.now();
const readStart = () => startMs;

/** Every component in every state, to look at while it is made. A new component gets its samples here. */
export function Gallery({ theme }: { theme: Theme }) {
  // Drawn by the browser alone: countdowns are of its clock.
  const nowMs = useSyncExternalStore(neverChanges, readStart, () => null);
  if (nowMs === null) return null;
  return (
    <main className="mx-auto grid max-w-300 gap-8 px-6 py-6 max-sm:px-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="font-semibold text-2xl">Gallery</h1>
        <ThemeChoice initial={theme} />
      </div>
      <PrimitiveSamples />
      <SidebarSamples nowMs={nowMs} />
      <ChatSamples nowMs={nowMs} />
      <ToolSamples />
      <GitSamples />
    </main>
  );
}
