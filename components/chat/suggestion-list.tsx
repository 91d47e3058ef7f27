"use client";

import clsx from "clsx";
import { FileText, Slash } from "lucide-react";
import { useEffect, useRef } from "react";
import { menuSurface } from "../ui/menu-look";
import type { Suggestion, Trigger } from "./suggestions";

type SuggestionListProps = {
  id: string;
  kind: Trigger["kind"];
  options: readonly Suggestion[];
  active: number;
  /** Said when there is nothing to choose. */
  note: string;
  onPick: (option: Suggestion) => void;
};

export const optionId = (listId: string, index: number) => `${listId}-${index}`;

/** What could be completed, above the field, which keeps the focus. */
export function SuggestionList({ id, kind, options, active, note, onPick }: SuggestionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#${CSS.escape(optionId(id, active))}`)?.scrollIntoView({ block: "nearest" });
  }, [id, active]);
  const Icon = kind === "command" ? Slash : FileText;
  const look = clsx(menuSurface, "absolute inset-x-0 bottom-full mb-1 max-h-64 sm:max-w-100");
  if (options.length === 0)
    return (
      <div id={id} role="status" className={look}>
        <p className="wrap-anywhere px-2 py-1 text-ink-3">{note}</p>
      </div>
    );
  return (
    <div
      ref={list}
      id={id}
      role="listbox"
      aria-label={kind === "command" ? "Commands" : "Files"}
      tabIndex={-1}
      className={look}
    >
      {options.map((option, index) => (
        <div
          key={option.id}
          id={optionId(id, index)}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          // The field keeps its focus.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onPick(option)}
          onKeyDown={undefined}
          className={clsx(
            "flex min-h-7 cursor-pointer items-center gap-2 rounded-xs px-2 py-1 pointer-coarse:min-h-11",
            index === active ? "bg-hover" : "hover:bg-hover",
          )}
        >
          <Icon aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          <span className="min-w-0 truncate">{option.label}</span>
          <span className="min-w-0 flex-1 truncate text-right text-ink-3 text-sm">{option.hint}</span>
        </div>
      ))}
    </div>
  );
}
