"use client";

import { useState } from "react";
import type { Chat } from "@/lib/contract/chats";
import { chatsClient, errorText } from "@/lib/contract/client";
import { formatPlural } from "@/lib/format";
import { createIdempotencyKey } from "../chat/idempotency-key";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { toast } from "../ui/toast";
import { reviewContent } from "./review/review-draft";
import type { Review } from "./review/use-review";

type ReviewFootProps = { chat: Chat; review: Review };

/** The comments that were not sent yet: they go to the agent as one message. */
export function ReviewFoot({ chat, review }: ReviewFootProps) {
  const [isSending, setSending] = useState(false);
  const [isDiscarding, setDiscarding] = useState(false);
  const { comments } = review.draft;
  if (comments.length === 0) return null;

  async function send() {
    setSending(true);
    try {
      const content = reviewContent(comments, describeSubject(chat));
      const answer = await chatsClient.send(
        chat.id,
        { content, busy_behavior: "queue" },
        { idempotencyKey: createIdempotencyKey() },
      );
      review.dispatch({ type: "sent", ids: comments.map((comment) => comment.id) });
      toast.show(answer.queued ? "The review is queued for the agent" : "The review went to the agent");
    } catch (error) {
      toast.error(errorText(error), { id: "review" });
    } finally {
      setSending(false);
    }
  }

  return (
    <div className="flex min-h-(--bar) shrink-0 items-center gap-2 border-line border-t bg-raised px-4 py-1.5 pb-[max(6px,env(safe-area-inset-bottom))] text-md">
      <span className="shrink-0 font-medium text-ink">{formatPlural(comments.length, "comment")}</span>
      <span className="min-w-0 flex-1 truncate text-ink-3 text-sm max-sm:invisible">
        sent to the agent as one review
      </span>
      <Button variant="ghost" disabled={isSending} onClick={() => setDiscarding(true)}>
        Discard
      </Button>
      <Button variant="primary" busy={isSending} onClick={() => void send()}>
        Send review
      </Button>
      <Dialog
        open={isDiscarding}
        onOpenChange={setDiscarding}
        title="Discard the review?"
        description={`${formatPlural(comments.length, "comment")} that the agent has not seen will be gone.`}
        actions={
          <>
            <Button onClick={() => setDiscarding(false)}>Keep</Button>
            <Button
              variant="danger"
              onClick={() => {
                setDiscarding(false);
                review.dispatch({ type: "cleared" });
              }}
            >
              Discard
            </Button>
          </>
        }
      />
    </div>
  );
}

function describeSubject({ diff_status: diff }: Chat): string {
  if (diff?.pr_number) return `pull request #${diff.pr_number}`;
  return diff?.git_branch ? `branch ${diff.git_branch}` : "your changes";
}
