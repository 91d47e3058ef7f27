"use client";

import clsx from "clsx";
import { createContext, type ReactNode, useContext, useId } from "react";

type FieldControl = { id: string; "aria-describedby": string | undefined; "aria-invalid": true | undefined };

const FieldContext = createContext<FieldControl | null>(null);

/** What a control inside a `Field` spreads onto its element: its id, its description, whether it is invalid. */
export function useFieldControl(): Partial<FieldControl> {
  return useContext(FieldContext) ?? {};
}

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  /** Replaces the hint. */
  error?: string | null;
  /** A good outcome; shown where the hint is. */
  success?: ReactNode;
  /** At the right end of the label's line. */
  action?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** A label, a control and one line below it. */
export function Field({ label, hint, error, success, action, className, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? success ?? hint;
  const control: FieldControl = {
    id,
    "aria-describedby": note ? noteId : undefined,
    "aria-invalid": error ? true : undefined,
  };
  return (
    <div className={className}>
      <div className="mb-1.5 flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="font-medium text-ink text-md">
          {label}
        </label>
        {action}
      </div>
      <FieldContext value={control}>{children}</FieldContext>
      {note ? (
        <p
          id={noteId}
          role={error ? "alert" : undefined}
          className={clsx(
            "wrap-anywhere mt-1.5 flex items-start gap-1.5 text-sm",
            error ? "text-danger" : success ? "text-success" : "text-ink-3",
          )}
        >
          {note}
        </p>
      ) : null}
    </div>
  );
}
