"use client";

import clsx from "clsx";
import type { ComponentProps, ReactNode } from "react";
import { useFieldControl } from "./field";

/** The edge of every field: 1 px, 2 px in the focus colour when focused, red when invalid. */
export const fieldEdge =
  "rounded-sm border border-line-2 bg-raised shadow-control transition-colors duration-(--duration-instant) has-focus-visible:border-focus has-focus-visible:ring-1 has-focus-visible:ring-focus has-[[aria-invalid]]:border-danger has-[[aria-invalid]]:ring-danger";

export type InputProps = Omit<ComponentProps<"input">, "prefix"> & {
  /** A unit or sign before the value. */
  prefix?: ReactNode;
  /** A unit or a control after the value. */
  suffix?: ReactNode;
  mono?: boolean;
};

/** One line of text, 32 high. Inside a `Field` it takes its id and description from there. */
export function Input({ prefix, suffix, mono = false, className, ...props }: InputProps) {
  return (
    <div className={clsx("flex h-(--control-lg) w-full items-center gap-2 px-2.5", fieldEdge, className)}>
      {prefix ? <span className="flex text-ink-3">{prefix}</span> : null}
      <input
        {...useFieldControl()}
        {...props}
        className={clsx(
          "h-full w-full min-w-0 bg-transparent text-ink outline-none focus-visible:outline-none disabled:text-ink-disabled max-sm:text-xl",
          mono && "font-mono text-sm",
        )}
      />
      {suffix ? <span className="flex shrink-0 text-ink-3">{suffix}</span> : null}
    </div>
  );
}
