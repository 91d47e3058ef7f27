"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";

export type UnsavedChanges = {
  /** Said by the form whenever what is typed differs from what is stored. */
  setDirty: (isDirty: boolean) => void;
  /** Does it at once, or asks first when it would lose what is typed. */
  run: (act: () => void) => void;
  /** Drawn by the page. */
  dialog: ReactNode;
};

/** Keeps what is typed from being lost: asks before the panel closes, a link is followed or the window is left. */
export function useUnsavedChanges(): UnsavedChanges {
  const [isDirty, setDirty] = useState(false);
  const [pending, setPending] = useState<{ act: () => void } | null>(null);
  const router = useRouter();

  useEffect(() => {
    if (!isDirty) return;
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault();
    const onClick = (event: MouseEvent) => {
      const href = linkOfThisWindow(event);
      if (!href) return;
      event.preventDefault();
      event.stopPropagation();
      setPending({ act: () => router.push(href) });
    };
    window.addEventListener("beforeunload", onLeave);
    document.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("beforeunload", onLeave);
      document.removeEventListener("click", onClick, true);
    };
  }, [isDirty, router]);

  const close = () => setPending(null);
  const discard = () => {
    setDirty(false);
    close();
    pending?.act();
  };
  return {
    setDirty,
    run: (act) => (isDirty ? setPending({ act }) : act()),
    dialog: pending ? <DiscardDialog onKeep={close} onDiscard={discard} /> : null,
  };
}

function DiscardDialog({ onKeep, onDiscard }: { onKeep: () => void; onDiscard: () => void }) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onKeep()}
      title="Discard changes?"
      description="What you changed here is not saved."
      actions={
        <>
          <Button onClick={onKeep}>Keep editing</Button>
          <Button variant="danger" onClick={onDiscard}>
            Discard changes
          </Button>
        </>
      }
    />
  );
}

/** The address of a link that would replace this page; null for a new tab, another site or no link. */
function linkOfThisWindow(event: MouseEvent): string | null {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (!link?.href || link.target === "_blank" || link.origin !== window.location.origin) return null;
  return link.pathname + link.search + link.hash;
}
