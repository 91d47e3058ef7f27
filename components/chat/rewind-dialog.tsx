"use client";

import { useQuery } from "@tanstack/react-query";
import { Files, MessagesSquare, Users } from "lucide-react";
import { type ReactNode, useState } from "react";
import { errorText } from "@/lib/contract/client";
import { gitClient } from "@/lib/contract/git-client";
import type { RewindPreview, Rewound } from "@/lib/contract/rewind";
import { formatPlural } from "@/lib/format";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Dialog } from "../ui/dialog";
import { Skeleton } from "../ui/skeleton";
import { toast } from "../ui/toast";

type RewindDialogProps = { chatId: string; messageId: number; onClose: () => void };

/** What goes and what is put back, before it happens; afterwards the way back. */
export function RewindDialog({ chatId, messageId, onClose }: RewindDialogProps) {
  const [busy, setBusy] = useState<"rewind" | "undo" | null>(null);
  const [error, setError] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["rewind", chatId, messageId],
    queryFn: ({ signal }) => gitClient.previewRewind(chatId, messageId, { signal }),
    staleTime: 0,
    gcTime: 0,
  });
  const preview = query.data;

  async function act(which: "rewind" | "undo") {
    setBusy(which);
    setError(null);
    try {
      if (which === "rewind") tellRewound(chatId, await gitClient.rewind(chatId, messageId));
      else tellUndone(await gitClient.undoRewind(chatId));
      onClose();
    } catch (cause) {
      setError(errorText(cause));
      setBusy(null);
    }
  }

  return (
    <Dialog
      open
      locked={busy !== null}
      onOpenChange={(open) => open || onClose()}
      title="Rewind to here?"
      description="This message stays; what came after it is taken back. A rewind can be undone until something new is said."
      actions={
        <>
          {preview?.can_undo ? (
            <Button
              variant="ghost"
              className="mr-auto"
              busy={busy === "undo"}
              disabled={busy === "rewind"}
              onClick={() => void act("undo")}
            >
              Undo the last rewind
            </Button>
          ) : null}
          <Button disabled={busy !== null} onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="danger"
            busy={busy === "rewind"}
            disabled={!preview || preview.refusal !== null || busy === "undo"}
            onClick={() => void act("rewind")}
          >
            Rewind
          </Button>
        </>
      }
    >
      <div className="grid gap-3">
        {query.isPending ? <Skeleton className="h-16 w-full" /> : null}
        {query.isError ? (
          <Callout
            tone="danger"
            title="What a rewind would do is not known"
            action={
              <Button size="sm" busy={query.isFetching} onClick={() => void query.refetch()}>
                Try again
              </Button>
            }
          >
            {errorText(query.error)}
          </Callout>
        ) : null}
        {preview ? <RewindEffects preview={preview} /> : null}
        {error ? (
          <Callout tone="danger" title={busy === "undo" ? "Not undone" : "Nothing was rewound"}>
            {error}
          </Callout>
        ) : null}
      </div>
    </Dialog>
  );
}

/** What is taken back, what is not, and whom it touches. */
export function RewindEffects({ preview }: { preview: RewindPreview }) {
  const { message_count: count, shared_with: shared } = preview;
  return (
    <>
      {preview.refusal ? (
        <Callout tone="warning" title="Not now">
          {preview.refusal}
        </Callout>
      ) : null}
      <ul className="grid gap-2 text-ink-2 text-md">
        <Effect icon={<MessagesSquare aria-hidden className="mt-0.5 text-ink-3" />}>
          {count === 0 ? "No message came after it." : `${formatPlural(count, "message")} after it will go.`}
        </Effect>
        <Effect icon={<Files aria-hidden className="mt-0.5 text-ink-3" />}>
          {preview.restores_files
            ? "The files of the workspace are put back as they were then. Ignored files, such as installed packages and build output, stay as they are now; so do commits and branches."
            : (preview.files_message ?? "The files stay as they are.")}
        </Effect>
        {shared.length > 0 ? (
          <Effect icon={<Users aria-hidden className="mt-0.5 text-warning" />}>
            {formatPlural(shared.length, "other agent works", "other agents work")} in the same files and will find them
            changed: {shared.map(({ title }) => title || "Untitled").join(", ")}.
          </Effect>
        ) : null}
      </ul>
    </>
  );
}

function Effect({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="flex items-start gap-2">
      {icon}
      <span className="wrap-anywhere min-w-0">{children}</span>
    </li>
  );
}

const FILE_TEXTS = {
  restored: "The files are as they were then.",
  unchanged: "The files were the same already.",
  none: "The files stayed as they are.",
  pending: "The files are put back before the next turn.",
} satisfies Record<Rewound["rewind"]["files"], string>;

function tellRewound(chatId: string, { rewind }: Rewound): void {
  const count = rewind.deleted_message_ids.length;
  toast.stay(`Took back ${formatPlural(count, "message")}. ${FILE_TEXTS[rewind.files]}`, {
    id: "rewind",
    action: rewind.can_undo ? { label: "Undo", onClick: () => void undo(chatId) } : undefined,
  });
}

async function undo(chatId: string): Promise<void> {
  try {
    tellUndone(await gitClient.undoRewind(chatId));
  } catch (error) {
    toast.error(errorText(error), { id: "rewind" });
  }
}

function tellUndone({ rewind }: Rewound): void {
  toast.show(`Brought back ${formatPlural(rewind.restored_message_ids.length, "message")}`, { id: "rewind" });
}
