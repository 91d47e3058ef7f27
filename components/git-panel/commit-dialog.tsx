"use client";

import { type FormEvent, useId, useState } from "react";
import { errorText, fieldError } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import type { WorkingTree } from "@/lib/contract/working-tree";
import { formatPlural } from "@/lib/format";
import { useDraft } from "../chat/use-draft";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field } from "../ui/field";
import { Textarea } from "../ui/textarea";
import { toast } from "../ui/toast";

type CommitDialogProps = { chatId: string; tree: WorkingTree; onClose: () => void };

/** Commits everything that changed in one repository. What is typed is kept until it is a commit. */
export function CommitDialog({ chatId, tree, onClose }: CommitDialogProps) {
  const formId = useId();
  const [message, setMessage] = useDraft(`commit.${chatId}`);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (message.trim() === "" || isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const done = await gitClient.commit(chatId, { repository: tree.root, message });
      const place = done.branch_created ? `the new branch ${done.branch}` : done.branch;
      toast.show(`Committed ${formatPlural(done.changed_files, "file")} to ${place}`);
      setMessage("");
      onClose();
    } catch (cause) {
      setError(fieldError(cause, "message") ?? errorText(cause));
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      locked={isBusy}
      onOpenChange={(open) => open || onClose()}
      title={`Commit ${formatPlural(tree.file_count, "file")}`}
      description="Everything that changed in this repository, new files included; ignored ones are left out."
      actions={
        <>
          <Button onClick={onClose} disabled={isBusy}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isBusy} disabled={message.trim() === ""}>
            Commit
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit}>
        <Field label="Message" hint="The first line says what the commit does." error={error}>
          <Textarea rows={4} value={message} onChange={(event) => setMessage(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
