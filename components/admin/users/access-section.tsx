"use client";

import { useState } from "react";
import { errorText } from "@/lib/contract/client";
import type { ListedUser, PatchUserRequest, UserRole } from "@/lib/contract/users";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";
import { Segmented } from "../../ui/segmented";
import { PanelSection } from "../../ui/side-panel";
import { toast } from "../../ui/toast";
import { displayName } from "../../user-menu";
import { useUserChange } from "./use-user-admin";
import { ROLE_LABELS } from "./user-table";

type Question = { change: PatchUserRequest; title: string; description: string; act: string; done: string };

/** Role and suspension. Each ends sessions, so each asks first and says which. */
export function AccessSection({ user, isViewer }: { user: ListedUser; isViewer: boolean }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const name = isViewer ? "You" : displayName(user);
  return (
    <PanelSection title="Access">
      <div className="flex items-center justify-between gap-3">
        <span className="text-ink-2">Role</span>
        <Segmented
          label="Role"
          value={user.role}
          onValueChange={(role) => role !== user.role && setQuestion(askForRole(name, role))}
          options={[
            { value: "member", label: ROLE_LABELS.member },
            { value: "admin", label: ROLE_LABELS.admin },
          ]}
        />
      </div>
      <div className="flex items-center justify-between gap-3">
        <span className="text-ink-2">{user.suspended ? "Suspended: cannot sign in" : "May sign in"}</span>
        <Button
          variant={user.suspended ? "default" : "ghost-danger"}
          onClick={() => setQuestion(askForSuspension(name, !user.suspended))}
        >
          {user.suspended ? "Reactivate" : "Suspend"}
        </Button>
      </div>
      {question ? <AccessDialog user={user} question={question} onClose={() => setQuestion(null)} /> : null}
    </PanelSection>
  );
}

function askForRole(name: string, role: UserRole): Question {
  const what = role === "admin" ? "an administrator" : "a member";
  return {
    change: { role },
    title: name === "You" ? `Become ${what}?` : `Make ${name} ${what}?`,
    description:
      role === "admin"
        ? "Administrators set models, templates and users. Their other browsers are signed out."
        : "Members start agents and see their own. They lose administration, and their other browsers are signed out.",
    act: role === "admin" ? "Make administrator" : "Make member",
    done: "Role changed",
  };
}

function askForSuspension(name: string, suspended: boolean): Question {
  const who = name === "You" ? "yourself" : name;
  return {
    change: { suspended },
    title: suspended ? `Suspend ${who}?` : `Reactivate ${who}?`,
    description: suspended
      ? "All their browsers are signed out and their tokens are refused. Agents, transcripts and costs stay."
      : "They may sign in again, and their tokens work again.",
    act: suspended ? "Suspend" : "Reactivate",
    done: suspended ? "Suspended" : "Reactivated",
  };
}

type AccessDialogProps = { user: ListedUser; question: Question; onClose: () => void };

function AccessDialog({ user, question, onClose }: AccessDialogProps) {
  const change = useUserChange(user.id);
  const confirm = () =>
    change.mutate(question.change, {
      onSuccess: () => {
        toast.show(question.done);
        onClose();
      },
    });
  return (
    <Dialog
      open
      locked={change.isPending}
      onOpenChange={(open) => open || onClose()}
      title={question.title}
      description={question.description}
      actions={
        <>
          <Button disabled={change.isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant={question.change.suspended ? "danger" : "primary"}
            busy={change.isPending}
            onClick={change.isPending ? undefined : confirm}
          >
            {question.act}
          </Button>
        </>
      }
    >
      {change.error ? (
        <Callout tone="danger" title="Not changed">
          {errorText(change.error)}
        </Callout>
      ) : null}
    </Dialog>
  );
}
