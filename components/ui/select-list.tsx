"use client";

import clsx from "clsx";
import { Check } from "lucide-react";
import { Select as Base } from "radix-ui";
import { useFieldControl } from "./field";
import { menuItem, menuSurface } from "./menu-look";
import { SelectFace } from "./select-face";

export type SelectOption = { value: string; label: string; hint?: string; disabled?: boolean };

export type SelectProps = {
  value: string;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  placeholder?: string;
  /** The accessible name outside a `Field`. */
  label?: string;
  disabled?: boolean;
  className?: string;
};

/** The select itself. It mounts open, at the press that asked for it. */
export function SelectList({ value, onValueChange, options, placeholder, label, disabled, className }: SelectProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Base.Root value={value} onValueChange={onValueChange} disabled={disabled} defaultOpen>
      <Base.Trigger asChild {...useFieldControl()} aria-label={label}>
        <SelectFace className={className} placeholder={placeholder} text={chosen?.label} />
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
