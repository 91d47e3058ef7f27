"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { PauseReason } from "@/lib/contract/chats";
import { chatsClient, errorText } from "@/lib/contract/client";
import { toast } from "../ui/toast";

type PlanModeOptions = { chatId: string; startsPlanning: boolean; pauseReason: PauseReason | null };

/** Whether the agent plans before it changes anything. Approving its plan ends that on the server. */
export function usePlanMode({ chatId, startsPlanning, pauseReason }: PlanModeOptions) {
  const [isPlanning, setPlanning] = useState(startsPlanning);
  const waited = useRef(pauseReason);
  useEffect(() => {
    const wasPlan = waited.current === "plan";
    waited.current = pauseReason;
    if (!wasPlan || pauseReason === "plan") return;
    // What it was is still shown; the next opening sets it right.
    chatsClient.get(chatId).then(
      (chat) => setPlanning(chat.plan_mode),
      () => {},
    );
  }, [chatId, pauseReason]);
  const change = useCallback(
    (next: boolean) => {
      setPlanning(next);
      chatsClient.patch(chatId, { plan_mode: next }).catch((error: unknown) => {
        setPlanning(!next);
        toast.error(errorText(error), { id: "plan-mode" });
      });
    },
    [chatId],
  );
  return { isPlanning, setPlanning: change };
}
