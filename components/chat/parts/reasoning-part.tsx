"use client";

import { Lightbulb } from "lucide-react";
import { memo } from "react";
import { formatSeconds } from "../format-seconds";
import { useSmoothText } from "../use-smooth-text";
import { WorkLine } from "../work-line";
import { Markdown } from "./markdown";

type ReasoningPartProps = { text: string; isLive: boolean; durationMs: number | undefined };

/** What the model thought: one line that opens. Its own heading, when it wrote one, is the title. */
export const ReasoningPart = memo(function ReasoningPart({ text, isLive, durationMs }: ReasoningPartProps) {
  const { title, body } = splitHeading(text);
  const duration = durationMs === undefined || durationMs < 1000 ? undefined : formatSeconds(durationMs);
  const state = isLive ? "Thinking" : duration ? `Thought for ${duration}` : "Thought";
  return (
    <WorkLine icon={Lightbulb} verb={title ?? state} object={title ? state : undefined}>
      <div className="mb-1 ml-[7px] border-line-2 border-l pl-4">
        <ReasoningText text={body} isLive={isLive} />
      </div>
    </WorkLine>
  );
});

function ReasoningText({ text, isLive }: { text: string; isLive: boolean }) {
  return <Markdown text={useSmoothText(text, isLive)} isLive={isLive} isQuiet />;
}

/** Models head their thoughts with one bold or hash line. */
function splitHeading(text: string): { title: string | undefined; body: string } {
  const match = /^\s*(?:\*\*(.{1,80}?)\*\*|#{1,4} (.{1,80}))\s*(?:\n|$)/.exec(text);
  if (!match) return { title: undefined, body: text };
  return { title: match[1] ?? match[2], body: text.slice(match[0].length) };
}
