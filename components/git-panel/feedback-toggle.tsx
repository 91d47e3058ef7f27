"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient, errorText } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import { formatPlural } from "@/lib/format";
import { Switch } from "../ui/switch";
import { toast } from "../ui/toast";

/** Whether review comments and failed checks wake the agent by themselves. Absent until it is known. */
export function FeedbackToggle({ chat }: { chat: Chat }) {
  const labelId = useId();
  const noteId = useId();
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  // Each round is a message, which moves the chat's time.
  const key = ["chat-feedback", chat.id, chat.updated_at];
  const { data: feedback } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => gitClient.feedback(chat.id, { signal }),
    placeholderData: (previous) => previous,
  });
  if (!feedback) return null;
  const { rounds, max_rounds: maxRounds } = feedback;

  async function choose(enabled: boolean) {
    setBusy(true);
    try {
      await chatsClient.patch(chat.id, { pull_request_feedback: enabled });
      client.setQueryData(key, { ...feedback, enabled, chosen: enabled });
    } catch (error) {
      toast.error(errorText(error), { id: "feedback" });
    } finally {
      setBusy(false);
    }
  }

  return (
    <div className="mt-2.5 flex items-start gap-2.5">
      <Switch
        aria-labelledby={labelId}
        aria-describedby={noteId}
        checked={feedback.enabled}
        disabled={isBusy || chat.archived}
        onCheckedChange={(enabled) => void choose(enabled)}
      />
      <div className="min-w-0 text-sm">
        <p id={labelId} className="font-medium text-ink">
          Answer reviews and failed checks
        </p>
        <p id={noteId} className="text-ink-3">
          {feedback.enabled && rounds > 0
            ? `${rounds} of ${formatPlural(maxRounds, "round")} used, then the agent asks you.`
            : "New comments and failures wake the agent once it is idle."}
        </p>
      </div>
    </div>
  );
}
