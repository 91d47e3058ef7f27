"use client";

import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

type SegmentedProps<T extends string> = {
  /** Null: none yet. */
  value: T | null;
  onValueChange: (value: T) => void;
  /** Two to four; more belong in a menu. */
  options: readonly { value: T; label: ReactNode; disabled?: boolean }[];
  /** The accessible name of the choice. */
  label: string;
};

/** A choice of two to four, all visible. */
export function Segmented<T extends string>({ value, onValueChange, options, label }: SegmentedProps<T>) {
  return (
    <ToggleGroup.Root
      type="single"
      value={value ?? ""}
      aria-label={label}
      onValueChange={(next) => {
        if (next) onValueChange(next as T);
      }}
      className="inline-flex gap-0.5 rounded-sm bg-hover p-0.5"
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          disabled={option.disabled}
          className="inline-flex h-6 items-center gap-1 whitespace-nowrap rounded-xs px-2 font-medium text-ink-3 text-sm hover:text-ink-2 disabled:opacity-50 data-[state=on]:bg-segment data-[state=on]:text-ink data-[state=on]:ring-1 data-[state=on]:ring-segment-edge pointer-coarse:h-8"
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
