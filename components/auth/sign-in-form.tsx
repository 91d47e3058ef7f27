"use client";

import { type FormEvent, useState } from "react";
import { errorText, request } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Field } from "../ui/field";
import { Input } from "../ui/input";

/** Email and password. What was typed is kept when the server refuses. */
export function SignInForm({ next }: { next: string }) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const isRefused = error instanceof ApiError && (error.code === "unauthorized" || error.code === "bad_request");

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError(null);
    try {
      const body = { email: form.get("email"), password: form.get("password") };
      await request("POST", "/api/auth/sign-in", { body });
      // A full load: the page is rendered for this person from the start.
      window.location.assign(next);
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <form method="post" onSubmit={signIn} className="grid gap-4">
      {error && !isRefused ? (
        <Callout tone="danger" title="Not signed in">
          {errorText(error)}
        </Callout>
      ) : null}
      <Field label="Email">
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Field label="Password" error={isRefused ? errorText(error) : null}>
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={isBusy} className="mt-1 w-full">
        Sign in
      </Button>
    </form>
  );
}
