"use client";

import { useRouter } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { PauseReason } from "@/lib/contract/chats";
import { chatsClient, errorText } from "@/lib/contract/client";
import { toast } from "../ui/toast";

type PlanModeOptions = { chatId: string; startsPlanning: boolean; pauseReason: PauseReason | null };

/** Whether the agent plans before it changes anything. Approving its plan ends that on the server. */
export function usePlanMode({ chatId, startsPlanning, pauseReason }: PlanModeOptions) {
  const [isPlanning, setPlanning] = useState(startsPlanning);
  const router = useRouter();
  const waited = useRef(pauseReason);
  useEffect(() => {
    const wasPlan = waited.current === "plan";
    waited.current = pauseReason;
    if (!wasPlan || pauseReason === "plan") return;
    // What it was is still shown; the next opening sets it right.
    chatsClient.get(chatId).then(
      (chat) => {
        setPlanning(chat.plan_mode);
        // The page that is kept for coming back has it otherwise.
        router.refresh();
      },
      () => {},
    );
  }, [chatId, pauseReason, router]);
  const change = useCallback(
    (next: boolean) => {
      setPlanning(next);
      chatsClient.patch(chatId, { plan_mode: next }).then(
        () => router.refresh(),
        (error: unknown) => {
          setPlanning(!next);
          toast.error(errorText(error), { id: "plan-mode" });
        },
      );
    },
    [chatId, router],
  );
  return { isPlanning, setPlanning: change };
}
