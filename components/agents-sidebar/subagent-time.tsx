"use client";

import clsx from "clsx";
import type { Chat } from "@/lib/contract/chats";
import { useNowPart } from "../ui/now";
import { RelativeTime } from "../ui/relative-time";
import { ChatIcon, chatIconLook } from "./chat-icon";
import { elapsedText, isStuckNow } from "./subagent-deadline";

/** Ticks by itself, as the time beside it: the row is not drawn for that. */
export function SubagentIcon({ agent }: { agent: Chat }) {
  const stuck = useNowPart((nowMs) => isStuckNow(agent, nowMs));
  const look = chatIconLook({ ...agent, stuck });
  return <ChatIcon look={look} className="size-3.5" />;
}

/** When it changed; for one that works how much of its time is gone, where the row has room; in amber that it is stuck. */
export function SubagentTime({ agent }: { agent: Chat }) {
  const elapsed = useNowPart((nowMs) => elapsedText(agent, nowMs));
  const isStuck = useNowPart((nowMs) => isStuckNow(agent, nowMs));
  const shared = "tabular-nums group-focus-within/row:invisible group-hover/row:invisible max-sm:visible";
  if (isStuck) {
    const doing = agent.progress?.doing;
    return (
      <span title={doing ? `Last step: ${doing}` : undefined} className={clsx(shared, "text-warning")}>
        {/* The icon has said it. */}
        <span aria-hidden>Stuck</span>
        {elapsed ? <span className="@min-[300px]:inline hidden"> · {elapsed}</span> : null}
      </span>
    );
  }
  return (
    <>
      {elapsed ? <span className={clsx(shared, "@min-[240px]:inline hidden text-ink-3")}>{elapsed}</span> : null}
      <RelativeTime at={agent.updated_at} className={clsx(shared, "text-ink-3", elapsed && "@min-[240px]:hidden")} />
    </>
  );
}
