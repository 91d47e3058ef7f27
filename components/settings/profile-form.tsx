"use client";

import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { errorText, fieldError, usersClient } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { User } from "@/lib/contract/users";
import { Button } from "../ui/button";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { toast } from "../ui/toast";
import { useFocusInvalid } from "../ui/use-focus-invalid";

/** The name that others see. */
export function NameForm({ user }: { user: User }) {
  const router = useRouter();
  const [name, setName] = useState(user.name);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      await usersClient.patch(user.id, { name: name.trim() });
      toast.show("Name saved");
      router.refresh();
    } catch (cause) {
      setError(cause);
    }
    setBusy(false);
  }

  return (
    <form onSubmit={save} className="grid gap-4">
      <Field
        label="Name"
        hint={`Empty: your username, ${user.username}.`}
        error={error ? (fieldError(error, "name") ?? errorText(error)) : null}
      >
        <Input autoComplete="name" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <div>
        <Button type="submit" busy={isBusy} disabled={name.trim() === user.name}>
          Save name
        </Button>
      </div>
    </form>
  );
}

/** A new password; the server ends the other sessions. */
export function PasswordForm({ user }: { user: User }) {
  const [error, setError] = useState<string | null>(null);
  const form = useFocusInvalid(error);
  const [isBusy, setBusy] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const typed = event.currentTarget;
    const password = String(new FormData(typed).get("password"));
    setBusy(true);
    setError(null);
    try {
      await usersClient.patch(user.id, { password });
      typed.reset();
      toast.show("Password changed");
    } catch (cause) {
      setError(fieldError(cause, "password") ?? errorText(cause));
      if (cause instanceof ApiError && cause.code === "unauthorized") window.location.assign("/sign-in?next=/settings");
    }
    setBusy(false);
  }

  return (
    <form ref={form} method="post" noValidate onSubmit={save} className="grid gap-4">
      <input type="text" name="username" autoComplete="username" value={user.email} readOnly hidden />
      <Field label="New password" hint="At least 8 characters." error={error}>
        <Input name="password" type="password" autoComplete="new-password" minLength={8} required />
      </Field>
      <div>
        <Button type="submit" busy={isBusy}>
          Change password
        </Button>
      </div>
    </form>
  );
}
