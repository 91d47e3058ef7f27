"use client";

import { Switch as Base } from "radix-ui";
import type { ComponentProps } from "react";

/** On or off, at once. Outside a `Field` it needs an `aria-label`. */
export function Switch(props: Omit<ComponentProps<typeof Base.Root>, "className" | "children">) {
  return (
    <Base.Root
      {...props}
      className="relative h-4 w-7 shrink-0 rounded-full bg-n-8 align-middle transition-colors duration-(--duration-instant) before:absolute before:-inset-2 disabled:opacity-50 data-[state=checked]:bg-success-solid pointer-coarse:before:-inset-3.5"
    >
      <Base.Thumb className="block size-3 translate-x-0.5 rounded-full bg-on-accent data-[state=checked]:translate-x-3.5" />
    </Base.Root>
  );
}
