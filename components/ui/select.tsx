"use client";

import clsx from "clsx";
import { Check, ChevronDown } from "lucide-react";
import { Select as Base } from "radix-ui";
import { useFieldControl } from "./field";
import { menuItem, menuSurface } from "./menu-look";

export type SelectOption = { value: string; label: string; hint?: string; disabled?: boolean };

type SelectProps = {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
  /** The accessible name outside a `Field`. */
  label?: string;
  disabled?: boolean;
  className?: string;
};

/** One of a few named values. Inside a `Field` it takes its id and description from there. */
export function Select({ value, onValueChange, options, placeholder, label, disabled, className }: SelectProps) {
  return (
    <Base.Root value={value} onValueChange={onValueChange} disabled={disabled}>
      <Base.Trigger
        {...useFieldControl()}
        aria-label={label}
        className={clsx(
          "flex h-(--control-lg) w-full items-center gap-2 rounded-sm border border-line-2 bg-raised px-2.5 text-left text-ink shadow-control",
          "data-[state=open]:border-focus data-[placeholder]:text-ink-3 disabled:text-ink-disabled",
          className,
        )}
      >
        <span className="min-w-0 flex-1 truncate">
          <Base.Value placeholder={placeholder} />
        </span>
        <ChevronDown aria-hidden className="size-3.5 text-ink-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          data-sheet
          className={clsx(
            menuSurface,
            "max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width)",
          )}
        >
          <Base.Viewport>
            {options.map((option) => (
              <Base.Item key={option.value} value={option.value} disabled={option.disabled} className={menuItem}>
                <span className="min-w-0 flex-1">
                  <Base.ItemText>{option.label}</Base.ItemText>
                  {option.hint ? <span className="block text-ink-3 text-sm">{option.hint}</span> : null}
                </span>
                <Base.ItemIndicator>
                  <Check aria-hidden className="size-3.5" />
                </Base.ItemIndicator>
              </Base.Item>
            ))}
          </Base.Viewport>
        </Base.Content>
      </Base.Portal>
    </Base.Root>
  );
}
