"use client";

import { ArrowLeft } from "lucide-react";
import { AgentsLink } from "../agents-sidebar/agents-link";

/** On a phone, where a chat covers the list: the way back to it. */
export function BackLink() {
  return (
    <AgentsLink
      href="/agents"
      aria-label="Back to agents"
      className="inline-flex size-11 shrink-0 items-center justify-center rounded-sm text-ink-2 sm:hidden"
    >
      <ArrowLeft aria-hidden />
    </AgentsLink>
  );
}
