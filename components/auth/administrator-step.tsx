"use client";

import { useState } from "react";
import { errorText, fieldError, request } from "@/lib/contract/client";
import { ApiError } from "@/lib/contract/errors";
import type { User } from "@/lib/contract/users";
import { Button } from "../ui/button";
import { Callout } from "../ui/callout";
import { Field } from "../ui/field";
import { Input } from "../ui/input";
import { useFocusInvalid } from "../ui/use-focus-invalid";
import { StepForm } from "./step-form";

type AdministratorStepProps = { setupToken: string; onCreated: (user: User) => void };

/** Creates the first administrator with the token of the setup link; the answer signs them in. */
export function AdministratorStep({ setupToken, onCreated }: AdministratorStepProps) {
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const form = useFocusInvalid(error);
  const hasFieldErrors = error instanceof ApiError && error.validations.length > 0;

  async function create(typed: FormData) {
    if (isBusy) return;
    setBusy(true);
    setError(null);
    try {
      const body = {
        setup_token: setupToken,
        email: typed.get("email"),
        username: typed.get("username"),
        password: typed.get("password"),
      };
      onCreated(await request<User>("POST", "/api/auth/setup", { body }));
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  }

  return (
    <StepForm
      ref={form}
      noValidate
      title="Administrator"
      hint="The first account. It adds models and people."
      onSubmit={(typed) => void create(typed)}
      acts={
        <Button type="submit" variant="primary" size="lg" busy={isBusy}>
          Create administrator
        </Button>
      }
    >
      {error && !hasFieldErrors ? (
        <Callout tone="danger" title="The administrator was not created">
          {errorText(error)}
        </Callout>
      ) : null}
      <Field label="Email" error={fieldError(error, "email")}>
        <Input name="email" type="email" autoComplete="email" required />
      </Field>
      <Field
        label="Username"
        hint="Letters, digits and hyphens. Shown beside what you start."
        error={fieldError(error, "username")}
      >
        <Input name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required />
      </Field>
      <Field label="Password" hint="At least 8 characters." error={fieldError(error, "password")}>
        <Input name="password" type="password" autoComplete="new-password" minLength={8} required />
      </Field>
    </StepForm>
  );
}
