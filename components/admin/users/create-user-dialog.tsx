"use client";

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { errorText, fieldError, usersClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { UserRole } from "@/lib/contract/users";
import { Button } from "../../ui/button";
import { Callout } from "../../ui/callout";
import { Dialog } from "../../ui/dialog";
import { Field } from "../../ui/field";
import { Input } from "../../ui/input";
import { Select } from "../../ui/select";
import { toast } from "../../ui/toast";
import { useFocusInvalid } from "../../ui/use-focus-invalid";

const ROLES = [
  { value: "member", label: "Member", hint: "Starts agents and sees their own" },
  { value: "admin", label: "Administrator", hint: "Also sets models, templates and users" },
];

/** Adds a person with a first password, which they change when they have signed in. */
export function CreateUserDialog({ onCreated, onClose }: { onCreated: () => void; onClose: () => void }) {
  const formId = useId();
  const [fields, setFields] = useState({ email: "", username: "", name: "", password: "", role: "member" as UserRole });
  const change = (changed: Partial<typeof fields>) => setFields((current) => ({ ...current, ...changed }));
  const create = useMutation({
    mutationFn: () => usersClient.create({ ...fields, email: fields.email.trim(), username: fields.username.trim() }),
    onSuccess: (user) => {
      toast.show(`Added ${user.username}`);
      onCreated();
      onClose();
    },
  });
  const { error, isPending } = create;
  const form = useFocusInvalid(error);
  const isGeneral = error !== null && !(error instanceof ApiError && error.validations.length > 0);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isPending) create.mutate();
  };
  return (
    <Dialog
      open
      locked={isPending}
      onOpenChange={(open) => open || onClose()}
      title="Add user"
      description="Tell them their address and password. They change it under Settings."
      actions={
        <>
          <Button disabled={isPending} onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" form={formId} variant="primary" busy={isPending}>
            Add user
          </Button>
        </>
      }
    >
      <form ref={form} id={formId} method="post" noValidate onSubmit={submit} className="grid gap-4">
        {isGeneral ? (
          <Callout tone="danger" title="Not added">
            {errorText(error)}
          </Callout>
        ) : null}
        <Field label="Email" error={fieldError(error, "email")}>
          <Input
            type="email"
            required
            autoComplete="off"
            value={fields.email}
            onChange={(event) => change({ email: event.target.value })}
          />
        </Field>
        <Field label="Username" hint="Letters, digits and hyphens." error={fieldError(error, "username")}>
          <Input
            required
            maxLength={39}
            spellCheck={false}
            autoCapitalize="none"
            autoComplete="off"
            value={fields.username}
            onChange={(event) => change({ username: event.target.value })}
          />
        </Field>
        <Field label="Name" hint="Empty: the username." error={fieldError(error, "name")}>
          <Input
            maxLength={100}
            autoComplete="off"
            value={fields.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Field>
        <Field label="First password" hint="At least 8 characters." error={fieldError(error, "password")}>
          <Input
            type="password"
            required
            autoComplete="new-password"
            value={fields.password}
            onChange={(event) => change({ password: event.target.value })}
          />
        </Field>
        <Field label="Role" error={fieldError(error, "role")}>
          <Select value={fields.role} onValueChange={(role) => change({ role: role as UserRole })} options={ROLES} />
        </Field>
      </form>
    </Dialog>
  );
}
