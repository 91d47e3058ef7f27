"use client";

import type { ReactNode, Ref } from "react";

/** A step's form: title, one sentence, fields, and its acts at the foot. */
export function StepForm(props: {
  title: string;
  hint: ReactNode;
  onSubmit: (form: FormData) => void;
  children: ReactNode;
  acts: ReactNode;
  /** The server says what is wrong with a field, not the browser. */
  noValidate?: boolean;
  ref?: Ref<HTMLFormElement>;
}) {
  return (
    <form
      ref={props.ref}
      method="post"
      noValidate={props.noValidate}
      className="flex flex-col"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit(new FormData(event.currentTarget));
      }}
    >
      <div className="flex-1 p-6 sm:px-7">
        <h1 className="font-semibold text-xl tracking-tight">{props.title}</h1>
        <p className="mt-0.5 mb-5 text-ink-3">{props.hint}</p>
        <div className="grid gap-4">{props.children}</div>
      </div>
      <div className="flex items-center justify-end gap-2 border-line border-t px-6 py-4 sm:px-7">{props.acts}</div>
    </form>
  );
}
