"use client";

import { type FormEvent, useState } from "react";
import { errorText, fieldError } from "@/lib/contract/client";
import type { ListedUser } from "@/lib/contract/users";
import { Button } from "../../ui/button";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { PanelSection } from "../../ui/side-panel";
import { toast } from "../../ui/toast";
import { useUserChange } from "./use-user-admin";

/** A new password for somebody who lost theirs. */
export function ResetPassword({ user, isViewer }: { user: ListedUser; isViewer: boolean }) {
  const [password, setPassword] = useState("");
  const change = useUserChange(user.id);
  const { error } = change;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate(
      { password },
      {
        onSuccess: () => {
          setPassword("");
          toast.show("Password reset");
        },
      },
    );
  };
  return (
    <PanelSection title="Password">
      <form method="post" onSubmit={submit} className="flex items-start gap-2">
        <Field
          label="New password"
          hint={isViewer ? "Signs out your other browsers." : "Signs them out everywhere. Tell it to them."}
          error={error ? (fieldError(error, "password") ?? errorText(error)) : null}
          className="min-w-0 flex-1"
        >
          <Input
            type="password"
            required
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </Field>
        {/* As high as the label's line, so that it stands beside the field. */}
        <Button type="submit" size="lg" busy={change.isPending} disabled={password === ""} className="mt-6.5">
          Reset
        </Button>
      </form>
    </PanelSection>
  );
}
