"use client";

import { Markdown } from "./markdown";

/**
 * Draws nothing. What draws prose is the largest piece of code of a chat page: named before the view that needs it, it
 * is read in a task of its own, since React may pause between two components but not within one's code.
 */
export function MarkdownCode(): null {
  void Markdown;
  return null;
}
