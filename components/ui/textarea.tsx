"use client";

import clsx from "clsx";
import type { ComponentProps } from "react";
import { useFieldControl } from "./field";
import { fieldEdge } from "./input";

/** Several lines of text. Inside a `Field` it takes its id and description from there. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return (
    <div className={clsx("flex", fieldEdge, className)}>
      <textarea
        rows={4}
        {...useFieldControl()}
        {...props}
        className="w-full resize-y bg-transparent px-2.5 py-1.5 text-ink outline-none focus-visible:outline-none max-sm:text-xl"
      />
    </div>
  );
}
