"use client";

import { memo } from "react";
import { useSmoothText } from "../use-smooth-text";
import { Markdown } from "./markdown";

/** What the agent says. While it streams it appears at a steady pace. */
export const TextPart = memo(function TextPart({ text, isLive }: { text: string; isLive: boolean }) {
  const shown = useSmoothText(text, isLive);
  return <Markdown text={shown} isLive={isLive} />;
});
