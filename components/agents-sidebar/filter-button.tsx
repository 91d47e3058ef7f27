"use client";

import { ListFilter as FilterIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { IconButton } from "../ui/icon-button";
import { describeFilter } from "./list-filter";
import { useChatFilter } from "./use-chat-filter";

const FilterPopover = lazy(async () => ({ default: (await import("./filter-popover")).FilterPopover }));

/** Opens the filter of the list; it is bright while one is set, and its name says which. */
export function FilterButton({ size = "sm", className }: { size?: "sm" | "md"; className?: string }) {
  const { filter, setFilter } = useChatFilter();
  const [isOpen, setOpen] = useState(false);
  const words = describeFilter(filter);
  return (
    <span className="relative flex">
      <IconButton
        icon={FilterIcon}
        label={words ? `Filter agents: ${words}` : "Filter agents"}
        size={size}
        active={words !== "" || isOpen}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => setOpen(true)}
        className={className}
      />
      {isOpen ? (
        <Suspense>
          <FilterPopover filter={filter} onApply={setFilter} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </span>
  );
}
