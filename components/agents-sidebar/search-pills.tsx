"use client";

import clsx from "clsx";
import { X } from "lucide-react";
import { PILL_KEYS, PILL_LABELS, PILL_VALUES, type Pill, type PillKey, pillValueLabel } from "./search-terms";

/** A condition in the search line; dashed while its value is being chosen. */
export function PillView({ pill, onRemove }: { pill: Pill; onRemove: () => void }) {
  const isOpen = pill.value === "";
  const name = PILL_LABELS[pill.key];
  return (
    <span
      className={clsx(
        "flex h-6 max-w-60 items-center gap-1 rounded-xs border px-1.5 font-medium text-sm",
        isOpen ? "border-line-strong border-dashed text-ink-3" : "border-accent-border bg-accent-bg text-accent",
      )}
    >
      <span className="truncate">{isOpen ? `${name}:` : `${name}: ${pillValueLabel(pill)}`}</span>
      <button
        type="button"
        aria-label={`Remove ${name}`}
        onClick={onRemove}
        className="relative rounded-xs before:absolute before:-inset-1.5 hover:bg-hover pointer-coarse:before:-inset-3"
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </span>
  );
}

/** Conditions to add; while one is being chosen, its values. */
export function PillChoices(props: { open: Pill | undefined; used: readonly PillKey[]; onPick: (pill: Pill) => void }) {
  const { open, used, onPick } = props;
  const choices: readonly { label: string; pill: Pill }[] = open
    ? PILL_VALUES[open.key]
        .map((value) => ({ key: open.key, value }))
        .map((pill) => ({ label: pillValueLabel(pill), pill }))
    : PILL_KEYS.filter((key) => !used.includes(key)).map((key) => ({
        label: PILL_LABELS[key],
        pill: { key, value: key === "has_unread" ? "true" : "" },
      }));
  if (choices.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: not a form's group
    <div
      role="group"
      aria-label={open ? `Values of ${PILL_LABELS[open.key]}` : "Narrow the search"}
      className="flex flex-wrap gap-1.5 border-line border-b px-4 py-2"
    >
      {choices.map(({ label, pill }) => (
        <button
          key={label}
          type="button"
          onClick={() => onPick(pill)}
          className="h-6 rounded-xs border border-line-2 px-2 text-ink-2 text-sm hover:bg-hover pointer-coarse:h-9"
        >
          {label}
        </button>
      ))}
    </div>
  );
}
