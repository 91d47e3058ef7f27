"use client";

import { Slot } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import type { PopoverProps } from "./popover-surface";

const load = () => import("./popover-surface");
const PopoverSurface = lazy(async () => ({ default: (await load()).PopoverSurface }));

/**
 * Facts beside what they belong to, opened by a press: touch has no hover. Escape closes it. Its code loads when a
 * person first reaches for one.
 */
export function Popover(props: PopoverProps) {
  const [isUsed, setUsed] = useState(false);
  const face = (
    <Slot.Root
      aria-haspopup="dialog"
      aria-expanded={false}
      data-state="closed"
      onPointerEnter={() => void load()}
      onFocus={() => void load()}
      onClick={() => setUsed(true)}
    >
      {props.trigger}
    </Slot.Root>
  );
  if (!isUsed) return face;
  return (
    <Suspense fallback={face}>
      <PopoverSurface {...props} />
    </Suspense>
  );
}
