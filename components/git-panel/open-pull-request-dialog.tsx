"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { errorText, fieldError } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { Spinner } from "../ui/spinner";
import { Switch } from "../ui/switch";
import { Textarea } from "../ui/textarea";
import { toast } from "../ui/toast";

type DialogProps = { chatId: string; onOpened?: () => void; onClose: () => void };

/** Title and body as the agent proposes them, until a person writes their own. */
export function OpenPullRequestDialog({ chatId, onOpened, onClose }: DialogProps) {
  const formId = useId();
  const proposal = useQuery({
    queryKey: ["pull-request-proposal", chatId],
    queryFn: ({ signal }) => gitClient.proposePullRequest(chatId, { signal }),
    // Asked anew for each dialog: the branch went on meanwhile. A model is paid for it, so once.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  const [typedTitle, setTitle] = useState<string | null>(null);
  const [typedBody, setBody] = useState<string | null>(null);
  const [isDraft, setDraft] = useState(true);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const title = typedTitle ?? proposal.data?.title ?? "";
  const body = typedBody ?? proposal.data?.body ?? "";

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (title.trim() === "" || isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const pull = await gitClient.createPullRequest(chatId, { title, body, draft: isDraft });
      toast.show(`Opened ${pull.draft ? "draft " : ""}pull request #${pull.number}`);
      onOpened?.();
      onClose();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title="Open a pull request"
      className="max-w-140"
      actions={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isBusy} disabled={title.trim() === ""}>
            {isDraft ? "Open draft pull request" : "Open pull request"}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="grid gap-4">
        <Field label="Title" error={fieldError(error, "title")} hint={<ProposalNote query={proposal} />}>
          <Input value={title} maxLength={256} autoComplete="off" onChange={(event) => setTitle(event.target.value)} />
        </Field>
        <Field label="Description" error={fieldError(error, "body")} hint="Markdown.">
          <Textarea rows={8} value={body} onChange={(event) => setBody(event.target.value)} />
        </Field>
        <Field
          label="Draft"
          hint="Nobody is asked for a review until it is marked ready."
          action={<Switch aria-label="Draft" checked={isDraft} onCheckedChange={setDraft} />}
        >
          {null}
        </Field>
        {error && !fieldError(error, "title") && !fieldError(error, "body") ? (
          <Callout tone="danger" title="The pull request was not opened">
            {errorText(error)}
          </Callout>
        ) : null}
      </form>
    </Dialog>
  );
}

type Proposal = { isPending: boolean; error: unknown; data: { by_model: boolean } | undefined };

function ProposalNote({ query }: { query: Proposal }) {
  if (query.error) return `Nothing was proposed: ${errorText(query.error)}`;
  if (query.isPending) {
    return (
      <span role="status" className="inline-flex items-center gap-1.5">
        <Spinner />
        The agent writes title and description
      </span>
    );
  }
  return query.data?.by_model
    ? "Proposed by the agent."
    : "No model answered; these are the agent's own words from the chat.";
}
