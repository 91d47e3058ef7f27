"use client";

import { Check } from "lucide-react";
import { Checkbox as Base } from "radix-ui";
import type { ReactNode } from "react";

type CheckboxProps = {
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  tabIndex?: number | undefined;
  children: ReactNode;
};

/** One of several that may be chosen together, with its label. */
export function Checkbox({ checked, onCheckedChange, tabIndex, children }: CheckboxProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the Radix root inside
    <label className="flex min-h-7 cursor-pointer items-center gap-2 rounded-xs px-1 text-md hover:bg-hover pointer-coarse:min-h-11">
      <Base.Root
        checked={checked}
        tabIndex={tabIndex}
        onCheckedChange={(next) => onCheckedChange(next === true)}
        className="grid size-4 shrink-0 place-items-center rounded-xs border border-line-strong bg-page text-on-action data-[state=checked]:border-action data-[state=checked]:bg-action"
      >
        <Base.Indicator>
          <Check aria-hidden className="size-3" />
        </Base.Indicator>
      </Base.Root>
      {children}
    </label>
  );
}
