/** The words of a compaction: what the model is asked, and the row that stands for what it replaced. Pure. */
import { partText } from "./context-use";
import type { PromptMessage } from "./types";

/** The name of the visible pair beside the summary, and of the live part while it is written. */

const INSTRUCTION = `The conversation is about to leave your context. Write the summary that replaces it: you will go on from it alone, so nothing that matters may be missing.

Cover, as far as they apply:
- the goal, and every wish and constraint the person stated
- decisions that were made, and why
- technical details that are needed again: files, names, commands, addresses, exact values
- errors that came up, and how they were solved or what was ruled out
- what is done, what is in progress, what remains
- the very next action

Be exact and complete, in at most 2,000 words. Write the summary only: no tool calls, no preface, no questions.`;

/** The same prompt as the next step's with the question after it, so that the provider's cache still serves it. */
export const summaryPrompt = (messages: readonly PromptMessage[]): PromptMessage[] => [
  ...messages,
  { role: "user", parts: [{ type: "text", text: INSTRUCTION }] },
];

/** For a transcript, which needs no tools and no pairs. */
export const TRANSCRIPT_SYSTEM =
  "You summarise the work of a coding agent so that it can go on from the summary alone.";

/** Beginning and end of one entry that a transcript keeps. */
const MAX_ENTRY_CHARACTERS = 2_000;

/**
 * The conversation as text for a model that cannot take it whole: long entries keep their beginning and end, then the
 * oldest after the first give way until it fits.
 */
export function transcriptPrompt(messages: readonly PromptMessage[], maxCharacters: number): PromptMessage[] {
  const entries = messages.map(
    ({ role, parts }) => `[${role}]\n${parts.map((part) => clip(partText(part), MAX_ENTRY_CHARACTERS)).join("\n")}`,
  );
  const [first = "", ...rest] = entries;
  const kept: string[] = [];
  let room = maxCharacters - Math.min(first.length, maxCharacters / 2);
  for (const entry of rest.toReversed()) {
    if (entry.length > room) break;
    room -= entry.length;
    kept.unshift(entry);
  }
  const gap = kept.length < rest.length ? [`[${rest.length - kept.length} older entries are left out]`] : [];
  const text = [clip(first, maxCharacters / 2), ...gap, ...kept].join("\n\n");
  return [{ role: "user", parts: [{ type: "text", text: `The conversation so far:\n\n${text}\n\n${INSTRUCTION}` }] }];
}

function clip(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const half = Math.floor(maxCharacters / 2);
  return `${text.slice(0, half)}\n[… ${text.length - 2 * half} characters left out …]\n${text.slice(-half)}`;
}

/** Of the window. A longer summary is cut, so that work can go on behind it. */
const MAX_SUMMARY_SHARE = 0.25;

/** The summary as it is kept: no longer than a quarter of the window, and it says when it was cut. */
export function boundSummary(summary: string, limitTokens: number): string {
  const maxCharacters = Math.max(1_000, Math.floor(limitTokens * MAX_SUMMARY_SHARE * 4));
  const text = summary.trim();
  return text.length <= maxCharacters
    ? text
    : `${text.slice(0, maxCharacters)}\n\n[The summary was longer than fits and is cut here.]`;
}

/** Of a person's message that is repeated word for word. */
const MAX_QUOTED_CHARACTERS = 8_000;

export type SummaryFacts = {
  summary: string;
  /** The first message of the chat. */
  goal: string;
  /** The message that is being worked on; the goal again when there was only one. */
  latest: string;
};

/** The row that the model reads instead of what was before. */
export function summaryText({ summary, goal, latest }: SummaryFacts): string {
  const quotes = [
    goal.trim() && `The task as the person first put it:\n<task>\n${clip(goal.trim(), MAX_QUOTED_CHARACTERS)}\n</task>`,
    latest.trim() &&
      latest !== goal &&
      `The person's latest message that work had begun on:\n<latest>\n${clip(latest.trim(), MAX_QUOTED_CHARACTERS)}\n</latest>`,
  ].filter(Boolean);
  return [
    "[Summary of the conversation so far. Its messages are no longer in your context; they are facts of this chat, written down by you.]",
    ...quotes,
    `<summary>\n${summary}\n</summary>`,
    "Messages that follow are not in the summary. If none follows, go on with the next action. Your instructions stand as before.",
  ].join("\n\n");
}
