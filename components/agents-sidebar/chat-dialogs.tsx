"use client";

import { assertNever } from "@/lib/assert-never";
import type { ChatDialog } from "./chat-dialog";
import { DeleteWorkspaceDialog } from "./delete-workspace-dialog";
import { RenameDialog } from "./rename-dialog";

/** What a menu's entry asks before it acts. Its own file: loaded when first asked. */
export function ChatDialogs({ dialog, onClose }: { dialog: ChatDialog; onClose: () => void }) {
  switch (dialog.kind) {
    case "rename":
      return <RenameDialog chat={dialog.chat} onClose={onClose} />;
    case "delete-workspace":
      return <DeleteWorkspaceDialog chat={dialog.chat} onClose={onClose} />;
    default:
      return assertNever(dialog.kind);
  }
}
